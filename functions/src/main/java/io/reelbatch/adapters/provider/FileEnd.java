package io.reelbatch.adapters.provider;

import io.reelbatch.domain.provider.OutputKind;

/**
 * Watches the bytes of a file pass and tells whether the file is complete. A server can announce too short a length,
 * and one that closes the connection to end an answer announces none: then only the file itself knows. In doubt a file
 * counts as complete, because what was paid for must not be thrown away: only a file that provably lacks bytes is
 * incomplete.
 */
abstract class FileEnd {
    /** Takes the next bytes of the file. */
    abstract void take(byte[] bytes, int length);

    /** Whether the file is complete. To be called after the last byte. */
    abstract boolean isReached();

    /** The way in which files of a kind end. */
    static FileEnd of(OutputKind kind) {
        return switch (kind.extension()) {
            case "png" -> new PieceWiseEnd.Png();
            case "mp4", "mov", "m4v", "m4a", "3gp", "avif", "heic", "heif" -> new PieceWiseEnd.IsoMedia();
            case "jpg" -> new JpegEnd();
            case "webp", "wav", "avi", "bmp", "webm", "mkv" -> new AnnouncedEnd();
            case "gif" -> new LastByteEnd(';');
            case "svg" -> new LastByteEnd('>');
            default -> new Unknown();
        };
    }

    /** A format of which one cannot tell. */
    private static final class Unknown extends FileEnd {
        @Override
        void take(byte[] bytes, int length) {}

        @Override
        boolean isReached() {
            return true;
        }
    }

    /** A format with a fixed last byte; padding behind it is harmless. */
    private static final class LastByteEnd extends FileEnd {
        private final char end;
        private byte last;

        LastByteEnd(char end) {
            this.end = end;
        }

        @Override
        void take(byte[] bytes, int length) {
            for (int i = 0; i < length; i++) {
                last = bytes[i] == 0 || Character.isWhitespace(bytes[i]) ? last : bytes[i];
            }
        }

        @Override
        boolean isReached() {
            return last == end;
        }
    }
}
