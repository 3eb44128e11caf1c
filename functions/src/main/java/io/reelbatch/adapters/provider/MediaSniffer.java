package io.reelbatch.adapters.provider;

import io.reelbatch.domain.provider.OutputKind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.mime.MimeTypeException;
import org.apache.tika.mime.MimeTypes;

/**
 * Tells what a file is from its first bytes. Tika knows the formats, except that it takes the MP4 of most encoders for
 * QuickTime and WebM for Matroska: those two families are told apart by their own headers first.
 */
final class MediaSniffer {
    /** How much of a file's start it wants to see, in bytes. */
    static final int HEAD = 8 << 10;

    private static final Map<String, OutputKind> USUAL_NAMES = Map.ofEntries(
            Map.entry("image/jpeg", new OutputKind("jpg", "image/jpeg")),
            Map.entry("image/tiff", new OutputKind("tif", "image/tiff")),
            Map.entry("image/x-ms-bmp", new OutputKind("bmp", "image/bmp")),
            Map.entry("video/quicktime", new OutputKind("mov", "video/quicktime")),
            Map.entry("audio/mpeg", new OutputKind("mp3", "audio/mpeg")),
            Map.entry("audio/vnd.wave", new OutputKind("wav", "audio/wav")),
            Map.entry("audio/x-flac", new OutputKind("flac", "audio/flac")),
            Map.entry("audio/x-aac", new OutputKind("aac", "audio/aac")));

    private static final OutputKind MP4 = new OutputKind("mp4", "video/mp4");
    private static final Map<String, OutputKind> BRANDS = Map.ofEntries(
            Map.entry("qt  ", new OutputKind("mov", "video/quicktime")),
            Map.entry("avif", new OutputKind("avif", "image/avif")),
            Map.entry("avis", new OutputKind("avif", "image/avif")),
            Map.entry("heic", new OutputKind("heic", "image/heic")),
            Map.entry("heix", new OutputKind("heic", "image/heic")),
            Map.entry("mif1", new OutputKind("heif", "image/heif")),
            Map.entry("msf1", new OutputKind("heif", "image/heif")),
            Map.entry("M4A ", new OutputKind("m4a", "audio/mp4")),
            Map.entry("M4B ", new OutputKind("m4a", "audio/mp4")));

    private MediaSniffer() {}

    /** What the bytes say they are, or in words what they are instead of an image, a video or a sound. */
    static Sniffed sniff(byte[] head, Optional<String> declaredType) {
        return isoMedia(head)
                .or(() -> matroska(head))
                .<Sniffed>map(Sniffed.Media::new)
                .orElseGet(() -> byTika(head, declaredType));
    }

    /** Outcome of a look at the first bytes. */
    sealed interface Sniffed {
        /** An image, a video or a sound. */
        record Media(OutputKind kind) implements Sniffed {}

        /** Anything else. */
        record Other(String type) implements Sniffed {}
    }

    private static Optional<OutputKind> isoMedia(byte[] head) {
        if (!ascii(head, 4, 4).equals("ftyp")) {
            return Optional.empty();
        }
        OutputKind kind = BRANDS.getOrDefault(ascii(head, 8, 4), MP4);
        // A still image of the general brand lists the specific one among those it is compatible with.
        if (kind.extension().equals("heif") && ascii(head, 16, 48).contains("avif")) {
            return Optional.of(new OutputKind("avif", "image/avif"));
        }
        return Optional.of(kind);
    }

    private static Optional<OutputKind> matroska(byte[] head) {
        boolean ebml = ascii(head, 0, 4).equals("\u001aE\u00df\u00a3");
        if (!ebml) {
            return Optional.empty();
        }
        return Optional.of(
                ascii(head, 4, 64).contains("webm")
                        ? new OutputKind("webm", "video/webm")
                        : new OutputKind("mkv", "video/x-matroska"));
    }

    private static Sniffed byTika(byte[] head, Optional<String> declaredType) {
        String type = detect(head);
        if (isMedia(type)) {
            return new Sniffed.Media(USUAL_NAMES.getOrDefault(type, new OutputKind(extension(type), type)));
        }
        // Bytes nobody knows: a format newer than this list, if the server calls it a medium.
        Optional<String> declared = declaredType.filter(MediaSniffer::isMedia);
        if (type.equals("application/octet-stream") && head.length > 0 && declared.isPresent()) {
            String known = declared.get();
            return new Sniffed.Media(USUAL_NAMES.getOrDefault(known, new OutputKind(extension(known), known)));
        }
        return new Sniffed.Other(head.length == 0 ? "nothing at all" : type);
    }

    private static boolean isMedia(String type) {
        return type.startsWith("image/") || type.startsWith("video/") || type.startsWith("audio/");
    }

    private static String detect(byte[] head) {
        try {
            return Tika.TYPES
                    .detect(new ByteArrayInputStream(head), new Metadata())
                    .getBaseType()
                    .toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String extension(String type) {
        try {
            String extension = Tika.TYPES.forName(type).getExtension();
            return extension.isEmpty() ? "bin" : extension.substring(1).toLowerCase(Locale.ROOT);
        } catch (MimeTypeException e) {
            return "bin";
        }
    }

    private static String ascii(byte[] head, int from, int length) {
        return from >= head.length
                ? ""
                : new String(head, from, Math.min(length, head.length - from), StandardCharsets.ISO_8859_1);
    }

    /** Read when the first output is looked at: it takes a tenth of a second. */
    private static final class Tika {
        static final MimeTypes TYPES = MimeTypes.getDefaultMimeTypes();
    }
}
