package io.reelbatch.domain.pace;

import java.time.Clock;
import java.time.Duration;

/** A clock that may run faster than real time and can wait accordingly. */
public interface Sleeper {
    /** Returns once {@code time} has passed on this clock. */
    void sleep(Duration time) throws InterruptedException;

    /** Waits by any clock. */
    static void sleep(Clock clock, Duration time) throws InterruptedException {
        if (time.isNegative() || time.isZero()) {
            return;
        }
        if (clock instanceof Sleeper own) {
            own.sleep(time);
        } else {
            Thread.sleep(time.toMillis(), time.toNanosPart() % 1_000_000);
        }
    }
}
