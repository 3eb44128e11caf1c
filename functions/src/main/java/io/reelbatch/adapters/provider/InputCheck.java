package io.reelbatch.adapters.provider;

import io.reelbatch.adapters.provider.FetchUrl.ForbiddenUrlException;
import io.reelbatch.adapters.provider.MediaSniffer.Sniffed;
import io.reelbatch.domain.planning.InputFinder.Found;
import io.reelbatch.domain.provider.OutputKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Checks whether an address or a file can be an input image. */
public final class InputCheck {
    /** The provider refuses requests over 50 MB (413). */
    private static final long MAX_BYTES = 50_000_000;

    private static final Pattern SCHEME = Pattern.compile("(?i)([a-z][a-z0-9+.-]+):.*", Pattern.DOTALL);
    private static final List<String> PRIVATE_ENDINGS =
            List.of(".localhost", ".local", ".internal", ".localdomain", ".home.arpa");

    private InputCheck() {}

    /** What the bytes of a file turn out to be. */
    public sealed interface Checked {
        /** An image; {@code sha256} is lower-case hex. */
        record Image(OutputKind kind, String sha256, long bytes) implements Checked {}

        /** Something else; {@code why} completes a sentence that begins with its name. */
        record Unusable(String why) implements Checked {}
    }

    /** Reads a file to its end, or until it is too long. */
    public static Checked check(InputStream in) throws IOException {
        Receiver receiver = new Receiver(kind -> OutputStream.nullOutputStream(), MAX_BYTES);
        if (!receiver.receive(in, Optional.empty())) {
            return new Checked.Unusable("is larger than the 50 MB that the provider takes");
        }
        if (receiver.sniffed() instanceof Sniffed.Media media
                && media.kind().contentType().startsWith("image/")) {
            return new Checked.Image(media.kind(), receiver.sha256(), receiver.bytes());
        }
        String type = receiver.sniffed() instanceof Sniffed.Media media
                ? media.kind().contentType()
                : ((Sniffed.Other) receiver.sniffed()).type();
        return new Checked.Unusable("is not an image: its bytes are " + type);
    }

    /**
     * What a reference is if it is an address; empty for a path and for {@code s3://}. Only its text is looked at: nobody is
     * asked for its host, and nothing is fetched.
     */
    public static Optional<Found> address(String reference) {
        String scheme = scheme(reference);
        if (scheme.isEmpty() || scheme.equals("s3")) {
            return Optional.empty();
        }
        if (!scheme.equals("https")) {
            return Optional.of(new Found.Unusable("must be a file path or an https:// address (is " + scheme
                    + ":...); the provider has to reach it"));
        }
        try {
            FetchUrl url = FetchUrl.parse(reference, false);
            return Optional.of(
                    isPublic(url.host())
                            ? new Found.Address(reference)
                            : new Found.Unusable(
                                    "names the host " + url.host()
                                            + ", which is not on the public internet: the provider cannot fetch it; use a file"));
        } catch (ForbiddenUrlException e) {
            return Optional.of(new Found.Unusable("is not an address that the provider can fetch: " + e.getMessage()));
        }
    }

    /** The lower-case scheme, or nothing; one letter is a drive of Windows. */
    private static String scheme(String reference) {
        var matcher = SCHEME.matcher(reference.strip());
        boolean isAddress = matcher.matches()
                && (reference.contains("://") || matcher.group(1).equalsIgnoreCase("data"));
        return isAddress ? matcher.group(1).toLowerCase(Locale.ROOT) : "";
    }

    private static boolean isPublic(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        boolean literal = name.contains(":") || name.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
        if (!literal) {
            return name.contains(".") && PRIVATE_ENDINGS.stream().noneMatch(name::endsWith);
        }
        try {
            // An address in digits: nobody is asked.
            return AddressRules.isPublic(InetAddress.getByName(host));
        } catch (IOException e) {
            return false;
        }
    }
}
