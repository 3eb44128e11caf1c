package io.reelbatch.adapters.provider;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A URL from outside that may be fetched, as far as one can tell before resolving its host.
 *
 * @param host without brackets
 * @param loopback whether the host names this machine
 */
record FetchUrl(URI uri, String host, boolean loopback) {
    private static final int LONGEST = 16 << 10;
    private static final Pattern AUTHORITY = Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(?::([0-9]{1,5}))?");
    private static final Pattern STRAY_PERCENT = Pattern.compile("%(?![0-9A-Fa-f]{2})");
    private static final String LEGAL = "-._~:/?#@!$&'()*+,;=%";
    /** Scheme and authority: only there may brackets stand, around an IPv6 address. */
    private static final Pattern ORIGIN = Pattern.compile("(?:[A-Za-z][A-Za-z0-9+.-]*:)?//[^/?#]*");

    /**
     * Reads and checks a URL.
     *
     * @throws ForbiddenUrlException if it is none, or not https; http is for this machine only, and only if allowed
     */
    static FetchUrl parse(String text, boolean allowLoopback) throws ForbiddenUrlException {
        URI uri = uri(text.strip());
        Matcher authority = AUTHORITY.matcher(String.valueOf(uri.getRawAuthority()));
        if (uri.getRawAuthority() == null || !authority.matches()) {
            throw new ForbiddenUrlException("it has no plain host name");
        }
        String host = authority.group(1);
        boolean loopback = Hosts.isLoopback(host);
        if (Hosts.isOddAddress(host)) {
            throw new ForbiddenUrlException("its host " + host + " is an address in an ambiguous notation");
        }
        if (loopback && !allowLoopback) {
            throw new ForbiddenUrlException("its host " + host + " is this machine");
        }
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !(scheme.equals("http") && loopback)) {
            throw new ForbiddenUrlException("it is not https");
        }
        return new FetchUrl(uri, host.replaceAll("[\\[\\]]", ""), loopback);
    }

    /** The URL that this one redirects to; a server elsewhere cannot send us to this machine. */
    FetchUrl redirected(String location, boolean allowLoopback) throws ForbiddenUrlException {
        // java.net.URI would glue a relative path to a host that has none of its own.
        URI base = uri.getRawPath().isEmpty() ? uri.resolve("/") : uri;
        return parse(base.resolve(uri(location.strip())).toString(), allowLoopback && loopback);
    }

    /** The URL as people may see it: a query can hold a signature. */
    @Override
    public String toString() {
        String path = uri.getRawPath();
        return uri.getScheme() + "://" + uri.getRawAuthority()
                + (path.length() > 200 ? path.substring(0, 200) + "..." : path);
    }

    private static URI uri(String text) throws ForbiddenUrlException {
        if (text.length() > LONGEST) {
            throw new ForbiddenUrlException("it is longer than " + LONGEST + " characters");
        }
        try {
            return new URI(escapeIllegal(text));
        } catch (URISyntaxException e) {
            throw new ForbiddenUrlException("it is malformed");
        }
    }

    /** Servers put spaces, brackets and non-ASCII letters of file names into URLs as they are. */
    private static String escapeIllegal(String text) {
        Matcher origin = ORIGIN.matcher(text);
        int path = origin.lookingAt() ? origin.end() : 0;
        StringBuilder escaped = new StringBuilder(text.length());
        int at = 0;
        for (byte b : STRAY_PERCENT.matcher(text).replaceAll("%25").getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean legal = (c >= '0' && c <= '9')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= 'a' && c <= 'z')
                    || LEGAL.indexOf(c) >= 0
                    || (at < path && (c == '[' || c == ']'));
            at++;
            escaped.append(legal ? String.valueOf(c) : String.format("%%%02X", (int) c));
        }
        return escaped.toString();
    }

    /** Why a URL is not fetched. */
    static final class ForbiddenUrlException extends Exception {
        private static final long serialVersionUID = 1L;

        ForbiddenUrlException(String why) {
            super(why);
        }
    }
}
