package io.reelbatch.adapters.provider;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The end of a file whose first bytes announce its length: RIFF, BMP, and Matroska with WebM. */
final class AnnouncedEnd extends FileEnd {
    private static final int MATROSKA = 0x1a45dfa3;
    private static final int SEGMENT = 0x18538067;

    private final ByteBuffer head = ByteBuffer.allocate(4096);
    private long bytes;

    @Override
    void take(byte[] next, int length) {
        head.put(next, 0, Math.min(length, head.remaining()));
        bytes += length;
    }

    @Override
    boolean isReached() {
        return bytes >= announced(head.duplicate().flip());
    }

    /** Length of the file, or less if it does not say. Writers that do not know it yet put zeros or all ones. */
    private static long announced(ByteBuffer head) {
        if (head.remaining() < 12) {
            return Long.MAX_VALUE;
        }
        if (head.getInt(0) == MATROSKA) {
            return matroska(head);
        }
        head.order(ByteOrder.LITTLE_ENDIAN);
        String start = StandardCharsets.ISO_8859_1.decode(head.slice(0, 4)).toString();
        long length = Integer.toUnsignedLong(head.getInt(start.equals("RIFF") ? 4 : 2));
        boolean unknown = length == 0xffffffffL;
        return unknown ? 0 : start.equals("RIFF") ? 8 + length : length;
    }

    /** One short element, then the segment with everything else. */
    private static long matroska(ByteBuffer head) {
        long segment = 4 + Vint.bytes(head, 4) + Vint.value(head, 4);
        if (segment + 12 > head.capacity()) {
            return 0;
        }
        if (segment + 12 > head.limit()) {
            return Long.MAX_VALUE;
        }
        if (head.getInt((int) segment) != SEGMENT) {
            return 0;
        }
        int size = (int) segment + 4;
        long length = Vint.value(head, size);
        return length < 0 ? 0 : size + Vint.bytes(head, size) + length;
    }

    /** A number whose first byte tells how many bytes it has. */
    private static final class Vint {
        static int bytes(ByteBuffer in, int at) {
            return Integer.numberOfLeadingZeros(in.get(at) & 0xff) - 23;
        }

        /** -1 if it stands for "unknown". */
        static long value(ByteBuffer in, int at) {
            int n = bytes(in, at);
            if (n > 8 || at + n > in.limit()) {
                return -1;
            }
            long value = in.get(at) & (0xff >> n);
            for (int i = 1; i < n; i++) {
                value = value << 8 | (in.get(at + i) & 0xff);
            }
            return value == (1L << (7 * n)) - 1 ? -1 : value;
        }
    }
}
