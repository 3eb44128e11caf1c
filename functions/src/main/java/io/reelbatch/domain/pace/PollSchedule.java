package io.reelbatch.domain.pace;

/**
 * How long to wait before each poll: 5 s, then half as much again each time, up to 30 s. The schedule of the well-known
 * tutorial that users come from, in whole seconds because a Wait state takes no others.
 */
public final class PollSchedule {
    private static final double FIRST_SECONDS = 5;
    private static final double FACTOR = 1.5;
    private static final double MAX_SECONDS = 30;

    private PollSchedule() {}

    /** Seconds to wait before poll number {@code poll}, counted from 0. */
    public static int secondsBefore(int poll) {
        return (int) Math.round(Math.min(MAX_SECONDS, FIRST_SECONDS * Math.pow(FACTOR, poll)));
    }
}
