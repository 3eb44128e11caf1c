package io.reelbatch.engine;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Where an engine's time comes from. The caller owns it: the engine neither starts nor closes it. */
public interface Scheduler {
    /** The present moment, as Context objects, histories and {@code $now()} report it. */
    Instant now();

    /**
     * Runs {@code task} once {@code delay} has passed. Tasks run one at a time, in the order of their due times, and are
     * short. A scheduler can be called from any thread.
     */
    Cancellable schedule(Duration delay, Runnable task);

    /** A scheduler in real time, with one daemon thread of its own; close it when its engines are done. */
    static SystemScheduler realTime() {
        return new SystemScheduler(Clock.systemUTC(), 1);
    }
}
