package io.reelbatch.domain.pace;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Works out how long a generation took, from its acceptance to its end, as precisely as the answers allow. */
public final class Measured {
    /** A generation that ended somewhere in a longer time tells nothing. */
    private static final Duration WIDEST = Duration.ofSeconds(60);

    private Measured() {}

    /**
     * What the provider tells, kept within what was seen: a clock that is wrong, or a time that leaves the provider's own queue
     * out, must not teach polls that find nothing. If it tells nothing, the middle between the last two polls: their distance
     * is ours, and learning the later one would let waits only ever grow.
     *
     * @param told by the provider
     * @param elapsed from the acceptance to the poll that found it done
     * @param waits seconds waited before each poll of this execution
     */
    public static Optional<Duration> generation(Optional<Duration> told, Duration elapsed, List<Integer> waits) {
        Duration lastWait = Duration.ofSeconds(waits.isEmpty() ? 0 : waits.get(waits.size() - 1));
        boolean polledBefore = waits.size() > 1 && lastWait.compareTo(elapsed) < 0;
        Duration notBefore = polledBefore ? elapsed.minus(lastWait) : Duration.ZERO;
        if (elapsed.isNegative()) {
            return Optional.empty();
        }
        if (told.isPresent()) {
            return told.map(time -> time.compareTo(notBefore) < 0 ? notBefore : time)
                    .map(time -> time.compareTo(elapsed) > 0 ? elapsed : time);
        }
        Duration span = elapsed.minus(notBefore);
        return span.compareTo(WIDEST) > 0 ? Optional.empty() : Optional.of(notBefore.plus(span.dividedBy(2)));
    }
}
