package io.reelbatch.adapters.provider;

import java.util.Locale;
import java.util.regex.Pattern;

/** Judges the host part of a URL before it is resolved. */
final class Hosts {
    private static final Pattern DOTTED_QUAD =
            Pattern.compile("(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\\.(?!$)|$)){4}");
    private static final Pattern NUMERIC_LABEL = Pattern.compile("[0-9]+|0[xX][0-9a-fA-F]*");

    private Hosts() {}

    /**
     * Whether it is an IPv4 address in a notation that programs read differently: octal, hexadecimal, one number, or fewer
     * than four parts.
     */
    static boolean isOddAddress(String host) {
        String name = withoutTrailingDot(host);
        String last = name.substring(name.lastIndexOf('.') + 1);
        return NUMERIC_LABEL.matcher(last).matches()
                && !DOTTED_QUAD.matcher(host).matches();
    }

    /** Whether it names this machine without a DNS look-up. */
    static boolean isLoopback(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return name.equals("localhost")
                || name.equals("[::1]")
                || name.equals("::1")
                || (name.startsWith("127.") && DOTTED_QUAD.matcher(name).matches());
    }

    private static String withoutTrailingDot(String host) {
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }
}
