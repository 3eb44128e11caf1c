package io.reelbatch.domain.pace;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * How long generations of one model take.
 *
 * @param sorted what was seen, shortest first
 * @param seen how many of them were observed; the others come from the catalog
 */
public record LatencyProfile(List<Duration> sorted, int seen) {
    /** Fewer say too little about a model. */
    public static final int ENOUGH = 10;

    public LatencyProfile {
        sorted = List.copyOf(sorted);
    }

    /**
     * A profile of what was seen, filled up with what is expected where that is not {@link PaceStore#REMEMBERED} yet.
     *
     * @param seen newest first
     * @param expected stands for so many older completions
     */
    public static LatencyProfile of(List<Duration> seen, List<Duration> expected) {
        List<Duration> all = Stream.concat(seen.stream(), expected.stream())
                .limit(PaceStore.REMEMBERED)
                .sorted()
                .toList();
        return new LatencyProfile(all, Math.min(seen.size(), PaceStore.REMEMBERED));
    }

    /** Turns a range of times into {@link #ENOUGH} completions, spread evenly over it. */
    public static List<Duration> expected(Duration shortest, Duration longest) {
        List<Duration> times = new ArrayList<>();
        for (int i = 0; i < ENOUGH; i++) {
            times.add(shortest.plus(
                    longest.minus(shortest).multipliedBy(2L * i + 1).dividedBy(2L * ENOUGH)));
        }
        return times;
    }

    /** Whether it says enough to act on. */
    public boolean isEnough() {
        return sorted.size() >= ENOUGH;
    }

    /** The time that a share of the generations does not exceed, between two of them if need be. There must be one. */
    public Duration percentile(int percent) {
        double place = percent / 100.0 * (sorted.size() - 1);
        Duration below = sorted.get((int) Math.floor(place));
        Duration above = sorted.get((int) Math.ceil(place));
        double share = place - Math.floor(place);
        return below.plusNanos(Math.round(above.minus(below).toNanos() * share));
    }
}
