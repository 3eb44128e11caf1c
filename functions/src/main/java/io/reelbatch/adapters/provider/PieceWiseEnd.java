package io.reelbatch.adapters.provider;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** The end of a file made of pieces that each announce their length. */
abstract class PieceWiseEnd extends FileEnd {
    private static final long LONGEST = 1L << 60;

    private final ByteBuffer header = ByteBuffer.allocate(16);
    private long position;
    private long pieceEnd;
    private boolean essentialSeen;
    private boolean inLastPiece;
    /** Set once nothing more can be learnt: the file ends with its stream, or is not made as expected. */
    private boolean resigned;

    /** @param firstPiece where the first piece starts */
    PieceWiseEnd(long firstPiece) {
        this.pieceEnd = firstPiece;
    }

    /** Length of a header of which the first 8 bytes are here. */
    abstract int headerLength(ByteBuffer start);

    /** Length of a piece with its header, 0 if it reaches to the end of the stream, or -1 if that cannot be. */
    abstract long pieceLength(ByteBuffer header);

    /** Whether a file without this piece is not whole. */
    abstract boolean isEssential(String type);

    /** Whether nothing of the file follows this piece. */
    abstract boolean isLast(String type);

    @Override
    final void take(byte[] bytes, int length) {
        int i = 0;
        while (i < length && !resigned && !isComplete()) {
            if (position < pieceEnd) {
                int skipped = (int) Math.min(pieceEnd - position, length - i);
                i += skipped;
                position += skipped;
            } else {
                header.put(bytes[i++]);
                if (header.position() >= 8 && header.position() == headerLength(header)) {
                    enterPiece();
                }
            }
        }
    }

    @Override
    final boolean isReached() {
        return resigned || isComplete() || (position == pieceEnd && essentialSeen);
    }

    private boolean isComplete() {
        return inLastPiece && position == pieceEnd;
    }

    private void enterPiece() {
        String type = new String(header.array(), 4, 4, StandardCharsets.ISO_8859_1);
        long length = pieceLength(header);
        resigned = length <= 0 || length > LONGEST || !type.chars().allMatch(c -> (c >= ' ' && c <= '~') || c == 0xa9);
        essentialSeen |= isEssential(type);
        inLastPiece = isLast(type);
        pieceEnd = position + length;
        position += header.position();
        header.clear();
    }

    /** Chunks after a signature: length, type, data, checksum; the last one is called IEND. */
    static final class Png extends PieceWiseEnd {
        Png() {
            super(8);
        }

        @Override
        int headerLength(ByteBuffer start) {
            return 8;
        }

        @Override
        long pieceLength(ByteBuffer header) {
            int data = header.getInt(0);
            return data < 0 ? -1 : 12L + data;
        }

        @Override
        boolean isEssential(String type) {
            return type.equals("IEND");
        }

        @Override
        boolean isLast(String type) {
            return type.equals("IEND");
        }
    }

    /** Boxes: length, type, perhaps a longer length, data. One of them says what all the others mean. */
    static final class IsoMedia extends PieceWiseEnd {
        private static final Set<String> INDEX = Set.of("moov", "meta");

        IsoMedia() {
            super(0);
        }

        @Override
        int headerLength(ByteBuffer start) {
            return start.getInt(0) == 1 ? 16 : 8;
        }

        @Override
        long pieceLength(ByteBuffer header) {
            long length = Integer.toUnsignedLong(header.getInt(0));
            long whole = length == 1 ? header.getLong(8) : length;
            return whole == 0 || whole >= header.position() ? whole : -1;
        }

        @Override
        boolean isEssential(String type) {
            return INDEX.contains(type);
        }

        @Override
        boolean isLast(String type) {
            return false;
        }
    }
}
