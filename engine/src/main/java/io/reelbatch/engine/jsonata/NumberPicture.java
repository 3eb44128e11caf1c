package io.reelbatch.engine.jsonata;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/** Numbers by picture, such as {@code #,##0.00}: XPath's fn:format-number. */
final class NumberPicture {
    private final Map<String, String> properties = new HashMap<>(Map.ofEntries(
            Map.entry("decimal-separator", "."),
            Map.entry("grouping-separator", ","),
            Map.entry("exponent-separator", "e"),
            Map.entry("infinity", "Infinity"),
            Map.entry("minus-sign", "-"),
            Map.entry("NaN", "NaN"),
            Map.entry("percent", "%"),
            Map.entry("per-mille", "\u2030"),
            Map.entry("zero-digit", "0"),
            Map.entry("digit", "#"),
            Map.entry("pattern-separator", ";")));

    /** One of a picture's two halves: for numbers from zero, and below. */
    private record Half(
            String prefix,
            String suffix,
            String active,
            String mantissa,
            String exponent,
            boolean hasExponent,
            String integer,
            String fraction,
            String picture) {
        Half negative(String minus) {
            return new Half(
                    minus + prefix, suffix, active, mantissa, exponent, hasExponent, integer, fraction, picture);
        }
    }

    private NumberPicture(Map<?, ?> options) {
        options.forEach((name, value) -> properties.put(String.valueOf(name), String.valueOf(value)));
    }

    static String format(double value, String picture, Map<?, ?> options) {
        return new NumberPicture(options).format(value, picture);
    }

    private String property(String name) {
        return properties.getOrDefault(name, "");
    }

    private String format(double value, String picture) {
        List<String> pictures =
                List.of(picture.split(java.util.regex.Pattern.quote(property("pattern-separator")), -1));
        if (pictures.size() > 2) {
            throw JsonataException.of("D3080");
        }
        List<Half> halves = new ArrayList<>();
        for (String half : pictures) {
            Half parts = split(half);
            validate(parts);
            halves.add(parts);
        }
        if (halves.size() == 1) {
            halves.add(halves.get(0).negative(property("minus-sign")));
        }
        Half half = halves.get(value >= 0 ? 0 : 1);
        return half.prefix + body(value, half) + half.suffix;
    }

    private boolean isDigit(int c) {
        int zero = property("zero-digit").charAt(0);
        return c >= zero && c < zero + 10;
    }

    private boolean isOptionalDigit(int c) {
        return property("digit").indexOf(c) >= 0;
    }

    private boolean isAnyDigit(int c) {
        return isDigit(c) || isOptionalDigit(c);
    }

    private boolean isActive(int c) {
        return isAnyDigit(c)
                || property("decimal-separator").indexOf(c) >= 0
                || property("exponent-separator").indexOf(c) >= 0
                || property("grouping-separator").indexOf(c) >= 0
                || property("pattern-separator").indexOf(c) >= 0;
    }

    private Half split(String picture) {
        IntPredicate bounds = c -> isActive(c) && property("exponent-separator").indexOf(c) < 0;
        int first = 0;
        while (first < picture.length() && !bounds.test(picture.charAt(first))) {
            first++;
        }
        int last = picture.length();
        while (last > first && !bounds.test(picture.charAt(last - 1))) {
            last--;
        }
        if (first == picture.length()) {
            // Without an active character the whole picture is passive.
            throw JsonataException.of("D3086");
        }
        String active = picture.substring(first, last);
        String suffix = picture.substring(last);
        int exponentAt = picture.indexOf(property("exponent-separator"), first);
        boolean hasExponent = exponentAt >= 0 && exponentAt <= last && exponentAt < active.length();
        String mantissa = hasExponent ? active.substring(0, exponentAt) : active;
        String exponent = hasExponent ? active.substring(exponentAt + 1) : "";
        int decimalAt = mantissa.indexOf(property("decimal-separator"));
        String integer = decimalAt < 0 ? mantissa : mantissa.substring(0, decimalAt);
        String fraction = decimalAt < 0 ? suffix : mantissa.substring(decimalAt + 1);
        return new Half(
                picture.substring(0, first),
                suffix,
                active,
                mantissa,
                exponent,
                hasExponent,
                integer,
                fraction,
                picture);
    }

    private static long count(String text, IntPredicate which) {
        return text.chars().filter(which).count();
    }

    private static boolean twice(String text, String part) {
        return text.indexOf(part) != text.lastIndexOf(part);
    }

    /** Throws the last rule of the picture that is broken, in the order of the specification. */
    private void validate(Half half) {
        String error = pictureError(half);
        String grouping = groupingError(half);
        String digits = digitError(half);
        String last = digits.isEmpty() ? grouping.isEmpty() ? error : grouping : digits;
        if (!last.isEmpty()) {
            throw JsonataException.of(last);
        }
    }

    private String pictureError(Half half) {
        String picture = half.picture;
        String error = "";
        if (twice(picture, property("decimal-separator"))) {
            error = "D3081";
        }
        if (twice(picture, property("percent"))) {
            error = "D3082";
        }
        if (twice(picture, property("per-mille"))) {
            error = "D3083";
        }
        if (picture.contains(property("percent")) && picture.contains(property("per-mille"))) {
            error = "D3084";
        }
        if (count(half.mantissa, this::isAnyDigit) == 0) {
            error = "D3085";
        }
        return half.active.chars().allMatch(this::isActive) ? error : "D3086";
    }

    private String groupingError(Half half) {
        String grouping = property("grouping-separator");
        String decimal = property("decimal-separator");
        String error = "";
        if (half.picture.contains(decimal)) {
            if (half.picture.contains(grouping + decimal) || half.picture.contains(decimal + grouping)) {
                error = "D3087";
            }
        } else if (half.integer.endsWith(grouping)) {
            error = "D3088";
        }
        return half.picture.contains(grouping + grouping) ? "D3089" : error;
    }

    private String digitError(Half half) {
        String error = "";
        int optional = half.integer.indexOf(property("digit"));
        if (optional >= 0 && count(half.integer.substring(0, optional), this::isDigit) > 0) {
            error = "D3090";
        }
        optional = half.fraction.lastIndexOf(property("digit"));
        if (optional >= 0 && count(half.fraction.substring(optional), this::isDigit) > 0) {
            error = "D3091";
        }
        boolean scaled = half.picture.contains(property("percent")) || half.picture.contains(property("per-mille"));
        if (!half.exponent.isEmpty() && scaled) {
            error = "D3092";
        }
        if (half.hasExponent
                && (half.exponent.isEmpty() || count(half.exponent, this::isDigit) < half.exponent.length())) {
            error = "D3093";
        }
        return error;
    }

    private String body(double value, Half half) {
        int leastInteger = (int) count(half.integer, this::isDigit);
        int scale = leastInteger;
        int leastFraction = (int) count(half.fraction, this::isDigit);
        int mostFraction = (int) count(half.fraction, this::isAnyDigit);
        if (leastInteger == 0 && mostFraction == 0) {
            leastInteger = half.hasExponent ? 0 : 1;
            leastFraction = half.hasExponent ? 1 : 0;
            mostFraction = leastFraction;
        }
        if (half.hasExponent && leastInteger == 0 && half.integer.contains(property("digit"))) {
            leastInteger = 1;
        }
        if (leastInteger == 0 && leastFraction == 0) {
            leastFraction = 1;
        }
        double mantissa = scaled(value, half);
        int exponent = 0;
        if (!half.exponent.isEmpty() && mantissa != 0) {
            double most = Math.pow(10, scale);
            double least = Math.pow(10, scale - 1.0);
            for (; Math.abs(mantissa) < least; exponent--) {
                mantissa *= 10;
            }
            for (; Math.abs(mantissa) > most; exponent++) {
                mantissa /= 10;
            }
        }
        String text = grouped(digits(mantissa, leastInteger, leastFraction, mostFraction), half);
        return half.exponent.isEmpty() ? text : text + exponentText(exponent, half);
    }

    private double scaled(double value, Half half) {
        if (half.picture.contains(property("percent"))) {
            return value * 100;
        }
        return half.picture.contains(property("per-mille")) ? value * 1000 : value;
    }

    /** Integer and fractional digits with the separator between them. */
    private String digits(double value, int leastInteger, int leastFraction, int mostFraction) {
        double rounded = Numbers.round(value, mostFraction).doubleValue();
        String plain = new BigDecimal(Double.toString(Math.abs(rounded)))
                .setScale(mostFraction, RoundingMode.HALF_UP)
                .toPlainString();
        int point = plain.indexOf('.');
        String integer = point < 0 ? plain : plain.substring(0, point);
        String fraction = point < 0 ? "" : plain.substring(point + 1);
        integer = integer.replaceFirst("^0+", "");
        fraction = fraction.replaceFirst("0+$", "");
        integer = "0".repeat(Math.max(0, leastInteger - integer.length())) + integer;
        fraction = fraction + "0".repeat(Math.max(0, leastFraction - fraction.length()));
        return localized(integer) + property("decimal-separator") + localized(fraction);
    }

    private String localized(String digits) {
        int shift = property("zero-digit").charAt(0) - '0';
        StringBuilder text = new StringBuilder();
        digits.chars().forEach(c -> text.append((char) (c + shift)));
        return text.toString();
    }

    private String grouped(String number, Half half) {
        String decimal = property("decimal-separator");
        String separator = property("grouping-separator");
        int point = number.indexOf(decimal);
        StringBuilder text = new StringBuilder(number);
        List<Integer> positions = positions(half.integer, false, half);
        int regular = regular(positions);
        if (regular > 0) {
            for (int at = point - regular; at > 0; at -= regular) {
                text.insert(at, separator);
            }
        } else {
            int end = point;
            for (int position : positions) {
                if (end - position >= 0) {
                    text.insert(end - position, separator);
                    end++;
                }
            }
        }
        int start = text.indexOf(decimal) + 1;
        for (int position : positions(half.fraction, true, half)) {
            if (start + position <= text.length()) {
                text.insert(start + position, separator);
            }
        }
        int end = text.indexOf(decimal);
        boolean noFraction = !half.picture.contains(decimal) || end == text.length() - 1;
        return noFraction ? text.substring(0, text.length() - 1) : text.toString();
    }

    private List<Integer> positions(String part, boolean toLeft, Half half) {
        List<Integer> positions = new ArrayList<>();
        String separator = property("grouping-separator");
        int at = part.indexOf(separator);
        while (at >= 0) {
            String digits = toLeft ? part.substring(0, at) : part.substring(at);
            positions.add((int) count(digits, this::isAnyDigit));
            at = half.integer.indexOf(separator, at + 1);
            if (at >= part.length()) {
                break;
            }
        }
        return positions;
    }

    private static int regular(List<Integer> positions) {
        if (positions.isEmpty()) {
            return 0;
        }
        int factor = positions.stream().reduce(0, NumberPicture::gcd);
        for (int i = 1; i <= positions.size(); i++) {
            if (!positions.contains(i * factor)) {
                return 0;
            }
        }
        return factor;
    }

    private static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }

    private String exponentText(int exponent, Half half) {
        String digits = String.valueOf(Math.abs(exponent));
        String padded = "0".repeat(Math.max(0, half.exponent.length() - digits.length())) + digits;
        return property("exponent-separator") + (exponent < 0 ? property("minus-sign") : "") + localized(padded);
    }
}
