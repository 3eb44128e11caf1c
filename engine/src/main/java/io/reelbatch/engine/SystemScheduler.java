package io.reelbatch.engine;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A scheduler on one daemon thread, whose delays may run faster than the wall clock. */
public final class SystemScheduler implements Scheduler, AutoCloseable {
    private static final Cancellable NOTHING = () -> {};

    private final Clock clock;
    private final double speed;
    private final ScheduledThreadPoolExecutor timer;

    /**
     * A scheduler that divides every delay by {@code speed}.
     *
     * @param clock what {@link #now()} reads; a caller that speeds time up passes a clock that runs as fast
     * @param speed how many times faster than the wall clock delays pass; 1 is real time
     */
    public SystemScheduler(Clock clock, double speed) {
        if (!(speed > 0)) {
            throw new IllegalArgumentException("speed is " + speed + ": it must be greater than 0");
        }
        this.clock = clock;
        this.speed = speed;
        this.timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "reelbatch-engine-timer");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public Instant now() {
        return clock.instant();
    }

    @Override
    public Cancellable schedule(Duration delay, Runnable task) {
        long nanos = delay.isNegative() ? 0 : scaled(delay);
        try {
            ScheduledFuture<?> future = timer.schedule(task, nanos, TimeUnit.NANOSECONDS);
            return () -> future.cancel(false);
        } catch (RejectedExecutionException e) {
            if (timer.isShutdown()) {
                return NOTHING;
            }
            throw e;
        }
    }

    private long scaled(Duration delay) {
        double nanos = (delay.getSeconds() * 1e9 + delay.getNano()) / speed;
        return nanos >= Long.MAX_VALUE / 2.0 ? Long.MAX_VALUE / 2 : (long) nanos;
    }

    /** Stops the thread; whatever was scheduled and is not due yet never runs. */
    @Override
    public void close() {
        timer.shutdownNow();
    }
}
