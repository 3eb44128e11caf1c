package io.reelbatch.domain.report;

import io.reelbatch.domain.catalog.Price;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Locale;

/** Amounts, times and texts as a page shows them. */
final class Words {
    private static final int SECONDS_UP_TO = 120;
    private static final int SMALLEST = 4;

    private Words() {}

    static String usd(BigDecimal amount) {
        BigDecimal exact = Price.tidy(amount);
        BigDecimal shown =
                exact.scale() > SMALLEST ? Price.tidy(exact.setScale(SMALLEST, RoundingMode.HALF_UP)) : exact;
        return "$" + shown.toPlainString();
    }

    static String count(int number, String what) {
        return String.format(Locale.ROOT, "%,d %s%s", number, what, number == 1 ? "" : "s");
    }

    /** Such as {@code 8.5 s}, {@code 3 min 20 s}, {@code 2 h 5 min}. */
    static String time(Duration time) {
        long seconds = Math.round(time.toMillis() / 1000.0);
        if (time.toMillis() < 10_000 && time.toMillis() % 1000 != 0) {
            return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
        }
        if (seconds < SECONDS_UP_TO) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return seconds / 60 + " min" + (seconds % 60 == 0 ? "" : " " + seconds % 60 + " s");
        }
        return seconds / 3600 + " h" + (seconds % 3600 / 60 == 0 ? "" : " " + seconds % 3600 / 60 + " min");
    }

    static String seconds(double seconds) {
        return time(Duration.ofMillis(Math.round(seconds * 1000)));
    }

    static String bytes(long bytes) {
        if (bytes < 1_000_000) {
            return String.format(Locale.ROOT, "%,d KB", Math.max(1, bytes / 1000));
        }
        return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }

    /** At most so many characters, no half of an emoji at the end. */
    static String cut(String text, int length) {
        if (text.length() <= length) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length;
        return text.substring(0, end) + "…";
    }

    /** A path as a relative link. */
    static String link(String path) {
        try {
            return new URI(null, null, "./" + path, null).toASCIIString();
        } catch (URISyntaxException e) {
            return "";
        }
    }

    /** A model without its vendor: the whole id does not fit beside a bar on a phone. */
    static String shortModel(String model) {
        return cut(model.substring(model.indexOf('/') + 1), 40);
    }
}
