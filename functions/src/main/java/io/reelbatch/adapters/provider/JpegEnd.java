package io.reelbatch.adapters.provider;

/**
 * The end of a JPEG: the marker EOI outside of every segment. A thumbnail inside a segment has an end of its own, and in
 * the compressed data between segments the marker cannot occur.
 */
final class JpegEnd extends FileEnd {
    private static final int SOS = 0xda;
    private static final int EOI = 0xd9;

    private State state = State.MARKER_START;
    private int marker;
    private int high;
    private int left;

    private enum State {
        MARKER_START,
        MARKER,
        LENGTH_HIGH,
        LENGTH_LOW,
        SEGMENT,
        DATA,
        DATA_MARKER,
        ENDED,
        RESIGNED
    }

    @Override
    void take(byte[] bytes, int length) {
        for (int i = 0; i < length && state != State.ENDED && state != State.RESIGNED; i++) {
            state = after(bytes[i] & 0xff);
        }
    }

    @Override
    boolean isReached() {
        return state == State.ENDED || state == State.RESIGNED;
    }

    private State after(int b) {
        return switch (state) {
            case MARKER_START -> b == 0xff ? State.MARKER : State.RESIGNED;
            case MARKER, DATA_MARKER -> afterMarker(b);
            case LENGTH_HIGH -> {
                high = b;
                yield State.LENGTH_LOW;
            }
            case LENGTH_LOW -> {
                left = (high << 8 | b) - 2;
                yield left < 0 ? State.RESIGNED : left == 0 ? afterSegment() : State.SEGMENT;
            }
            case SEGMENT -> --left == 0 ? afterSegment() : State.SEGMENT;
            case DATA -> b == 0xff ? State.DATA_MARKER : State.DATA;
            case ENDED, RESIGNED -> state;
        };
    }

    private State afterMarker(int b) {
        boolean inData = state == State.DATA_MARKER;
        if (b == 0xff) {
            return state;
        }
        boolean standsAlone = b == 0 || b == 0x01 || (b >= 0xd0 && b <= 0xd8);
        if (standsAlone) {
            return inData ? State.DATA : State.MARKER_START;
        }
        marker = b;
        return b == EOI ? State.ENDED : State.LENGTH_HIGH;
    }

    private State afterSegment() {
        return marker == SOS ? State.DATA : State.MARKER_START;
    }
}
