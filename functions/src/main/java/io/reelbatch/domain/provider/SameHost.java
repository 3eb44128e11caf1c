package io.reelbatch.domain.provider;

import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tells whether two URLs lead to the same server, so that a key may be sent to both. */
public final class SameHost {
    private SameHost() {}

    /** Whether scheme, host and port are the same, and no user name hides another host. */
    public static boolean is(URI base, URI other) {
        return base.getHost() != null
                && other.getHost() != null
                && other.getRawUserInfo() == null
                && lower(base.getScheme()).equals(lower(other.getScheme()))
                && lower(base.getHost()).equals(lower(other.getHost()))
                && port(base) == port(other);
    }

    private static int port(URI url) {
        if (url.getPort() >= 0) {
            return url.getPort();
        }
        return lower(url.getScheme()).equals("https") ? 443 : 80;
    }

    private static String lower(@Nullable String text) {
        return text == null ? "" : text.toLowerCase(Locale.ROOT);
    }
}
