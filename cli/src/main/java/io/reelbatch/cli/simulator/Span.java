package io.reelbatch.cli.simulator;

import java.time.Duration;

/** A range of durations, both ends included. */
public record Span(Duration least, Duration most) {
    /** Checks the order of the ends. */
    public Span {
        if (least.isNegative() || most.compareTo(least) < 0) {
            throw new IllegalArgumentException(
                    "A span runs from a duration to one as long or longer, not from " + least + " to " + most);
        }
    }

    /** A range in seconds. */
    public static Span seconds(long least, long most) {
        return new Span(Duration.ofSeconds(least), Duration.ofSeconds(most));
    }

    /** The duration at a share of the way, 0 to 1, in whole milliseconds. */
    Duration at(double share) {
        long range = most.minus(least).toMillis();
        return least.plusMillis(Math.round(range * share));
    }
}
