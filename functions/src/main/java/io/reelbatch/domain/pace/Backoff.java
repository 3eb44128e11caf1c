package io.reelbatch.domain.pace;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Waits before a submit that was put off: doubling, with jitter so that jobs refused together do not come back together. */
public final class Backoff {
    private static final int MAX_SECONDS = 30;

    private final RandomGenerator random;

    public Backoff(RandomGenerator random) {
        this.random = random;
    }

    /**
     * Whole seconds to wait.
     *
     * @param times how often it was put off before, from 0
     * @param asked what the other side asked for: never less than that
     */
    public int seconds(int times, Optional<Duration> asked) {
        double ceiling = Math.min(MAX_SECONDS, Math.pow(2, Math.min(times, 10) + 1.0));
        long jittered = Math.round(ceiling / 2 + random.nextDouble() * ceiling / 2);
        long wanted = asked.map(delay -> delay.plusMillis(999).toSeconds()).orElse(0L);
        return (int) Math.max(Math.max(1, jittered), wanted);
    }
}
