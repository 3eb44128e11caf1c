package io.reelbatch.domain.config;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lengths of files as people write them. */
public final class ByteSize {
    private static final Pattern BYTES = Pattern.compile("[1-9][0-9]{0,14}");
    private static final Pattern WITH_UNIT = Pattern.compile("([1-9][0-9]{0,5}) ?([kMG])B");

    private ByteSize() {}

    /** Bytes that a text such as {@code 2000000}, {@code 500MB} or {@code 4 GB} stands for, by thousands; empty if it is none. */
    public static Optional<Long> parse(String text) {
        if (BYTES.matcher(text).matches()) {
            return Optional.of(Long.parseLong(text));
        }
        Matcher parts = WITH_UNIT.matcher(text);
        return parts.matches()
                ? Optional.of(
                        Long.parseLong(parts.group(1)) * unit(parts.group(2).charAt(0)))
                : Optional.empty();
    }

    private static long unit(char letter) {
        return switch (letter) {
            case 'k' -> 1_000L;
            case 'M' -> 1_000_000L;
            default -> 1_000_000_000L;
        };
    }
}
