package io.reelbatch.adapters.provider;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.core5.concurrent.Cancellable;

/** Ends requests that take too long in total, even if each single read stays within its time-out. */
final class Deadlines implements AutoCloseable {
    private final ScheduledThreadPoolExecutor timer;

    Deadlines() {
        // Discarding: a call after close fails at its connection, not here.
        timer = new ScheduledThreadPoolExecutor(1, Deadlines::thread, new ThreadPoolExecutor.DiscardPolicy());
        timer.setRemoveOnCancelPolicy(true);
    }

    /** Cancels the request once the time is over, unless the returned deadline is closed before. */
    Deadline cancel(Cancellable request, Duration after) {
        AtomicBoolean passed = new AtomicBoolean();
        Runnable end = () -> {
            passed.set(true);
            request.cancel();
        };
        return new Deadline(passed, timer.schedule(end, after.toNanos(), TimeUnit.NANOSECONDS));
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "reelbatch-deadlines");
        thread.setDaemon(true);
        return thread;
    }

    /** One request's time. */
    record Deadline(AtomicBoolean over, Future<?> timing) implements AutoCloseable {
        /** Whether the request was ended because its time was over. */
        boolean passed() {
            return over.get();
        }

        @Override
        public void close() {
            timing.cancel(false);
        }
    }
}
