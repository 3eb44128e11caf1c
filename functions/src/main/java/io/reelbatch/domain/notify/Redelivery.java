package io.reelbatch.domain.notify;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** When a notice that was not accepted is sent again: after 5 s, 10 s, 20 s and so on to 10 min, within an hour. */
public final class Redelivery {
    private static final Duration FIRST = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final Duration PATIENCE = Duration.ofHours(1);

    private Redelivery() {}

    /**
     * How long to wait; empty once the hour would be over.
     *
     * @param tries how often it was sent, from 1
     * @param first when it was sent first
     * @param asked what the receiver asked for; no more than ten minutes of it are granted
     */
    public static Optional<Duration> after(int tries, Instant first, Instant now, Optional<Duration> asked) {
        Duration doubled = FIRST.multipliedBy(1L << Math.min(tries - 1, 10));
        Duration wanted = asked.filter(delay -> delay.compareTo(doubled) > 0).orElse(doubled);
        Duration wait = wanted.compareTo(LONGEST) > 0 ? LONGEST : wanted;
        return Optional.of(wait).filter(delay -> !now.plus(delay).isAfter(first.plus(PATIENCE)));
    }
}
