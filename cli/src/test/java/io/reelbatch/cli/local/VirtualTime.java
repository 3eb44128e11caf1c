package io.reelbatch.cli.local;

import io.reelbatch.domain.pace.Sleeper;
import io.reelbatch.engine.Cancellable;
import io.reelbatch.engine.VirtualScheduler;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Time that stands still while anything works, and jumps to the next moment at which something is due. What runs on it may
 * block on real calls, which take no time, and sleep by this clock: one at a time is awake, always in the same order.
 */
final class VirtualTime extends Clock implements Executor, Sleeper, AutoCloseable {
    private final VirtualScheduler scheduler = new VirtualScheduler();
    private volatile @Nullable Worker current;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "virtual-time");
        thread.setDaemon(true);
        return thread;
    });

    /** Work on a thread of its own that is awake only while whoever resumed it waits. */
    private final class Worker {
        private final Semaphore awake = new Semaphore(0);
        private final Semaphore yielded = new Semaphore(0);

        void start(Runnable task) {
            threads.execute(() -> {
                awake.acquireUninterruptibly();
                try {
                    task.run();
                } finally {
                    yielded.release();
                }
            });
            resume();
        }

        void resume() {
            Worker outer = current;
            current = this;
            awake.release();
            yielded.acquireUninterruptibly();
            current = outer;
        }

        void sleep(Duration time) {
            Cancellable unused = scheduler.schedule(time, this::resume);
            yielded.release();
            awake.acquireUninterruptibly();
        }
    }

    VirtualScheduler scheduler() {
        return scheduler;
    }

    @Override
    public void execute(Runnable task) {
        new Worker().start(task);
    }

    @Override
    public void sleep(Duration time) {
        Objects.requireNonNull(current, "only what runs on this time may sleep").sleep(time);
    }

    @Override
    public Instant instant() {
        return scheduler.now();
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("only UTC");
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
