package io.reelbatch.domain.pace;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.util.List;

/**
 * How long to wait before each poll, in whole seconds because a Wait state takes no others. From a profile: first until a
 * quarter of the generations are done, then in steps of a sixth of the span from the 10th to the 95th percentile, 5 to 15 s,
 * and from the 95th on half as much again each time, up to 30 s. Without one: 5 s, then half as much again each time, up to
 * 30 s, the schedule of the well-known tutorial that users come from.
 *
 * @param source where it comes from
 * @param firstSeconds time from the acceptance to the first poll
 * @param stepSeconds time between the polls that follow
 * @param lateSeconds time from the acceptance after which the steps grow
 */
public record PollSchedule(Source source, int firstSeconds, int stepSeconds, int lateSeconds) {
    /** What a schedule was made from. */
    public enum Source {
        /** The model's own last completions. */
        @JsonProperty("learned")
        LEARNED,
        /** Mostly what the catalog expects of the model. */
        @JsonProperty("expected")
        EXPECTED,
        /** Nothing: too little is known of the model. */
        @JsonProperty("fixed")
        FIXED
    }

    private static final double GROWTH = 1.5;
    private static final int LONGEST_SECONDS = 30;
    private static final int SHORTEST_STEP = 5;
    private static final int LONGEST_STEP = 15;
    private static final int STEPS = 6;

    /** The tutorial's. */
    public static final PollSchedule TUTORIAL = new PollSchedule(Source.FIXED, 5, 5, 0);

    /** The schedule that a profile calls for. */
    public static PollSchedule of(LatencyProfile profile) {
        if (!profile.isEnough()) {
            return TUTORIAL;
        }
        Duration late = profile.percentile(95);
        double step = late.minus(profile.percentile(10)).toMillis() / 1000.0 / STEPS;
        return new PollSchedule(
                profile.seen() >= LatencyProfile.ENOUGH ? Source.LEARNED : Source.EXPECTED,
                Math.max(1, roundUp(profile.percentile(25))),
                (int) Math.round(Math.min(LONGEST_STEP, Math.max(SHORTEST_STEP, step))),
                roundUp(late));
    }

    private static int roundUp(Duration time) {
        return (int) Math.min(Integer.MAX_VALUE, time.plusMillis(999).toSeconds());
    }

    /**
     * Seconds to wait before the next poll, at least 1.
     *
     * @param elapsed since the acceptance; longer than the waits say when a batch was interrupted
     * @param waits seconds waited before each poll so far
     */
    public int next(Duration elapsed, List<Integer> waits) {
        if (source == Source.FIXED) {
            return grown(firstSeconds, waits.size());
        }
        if (waits.isEmpty()) {
            return (int) Math.max(1, firstSeconds - Math.max(0, elapsed.toSeconds()));
        }
        if (elapsed.compareTo(Duration.ofSeconds(lateSeconds)) < 0) {
            return stepSeconds;
        }
        int before = waits.size() == 1 ? stepSeconds : Math.max(stepSeconds, waits.get(waits.size() - 1));
        return grown(before, 1);
    }

    /**
     * Seconds to wait for somebody else's word before the first poll, at least 1.
     *
     * @param elapsed since the acceptance
     */
    public int late(Duration elapsed) {
        int seconds = source == Source.FIXED ? LONGEST_SECONDS : lateSeconds;
        return (int) Math.max(1, seconds - Math.max(0, elapsed.toSeconds()));
    }

    private static int grown(int seconds, int times) {
        return (int) Math.round(Math.min(LONGEST_SECONDS, seconds * Math.pow(GROWTH, times)));
    }
}
