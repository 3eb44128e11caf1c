package io.reelbatch.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A scheduler whose time passes only when it is told to: hours of waiting take milliseconds, and always in the same
 * order. What is scheduled runs on the thread that calls {@link #advance} or {@link #await}.
 */
public final class VirtualScheduler implements Scheduler {
    private final TreeSet<Entry> queue =
            new TreeSet<>(Comparator.comparing(Entry::due).thenComparingLong(Entry::order));
    private Instant now;
    private long scheduled;

    /** A scheduler at 2026-01-01T00:00:00Z. */
    public VirtualScheduler() {
        this(Instant.parse("2026-01-01T00:00:00Z"));
    }

    /** A scheduler at {@code start}. */
    public VirtualScheduler(Instant start) {
        this.now = start;
    }

    @Override
    public synchronized Instant now() {
        return now;
    }

    @Override
    public synchronized Cancellable schedule(Duration delay, Runnable task) {
        Instant due = delay.isNegative() ? now : now.plus(delay);
        Entry entry = new Entry(due, scheduled++, task);
        queue.add(entry);
        return () -> cancel(entry);
    }

    /** How many tasks are scheduled and have not run. */
    public synchronized int pending() {
        return queue.size();
    }

    /** Lets {@code duration} pass, running whatever falls due on the way. */
    public void advance(Duration duration) {
        Instant end = now().plus(duration);
        for (Entry next = poll(end); next != null; next = poll(end)) {
            next.task.run();
        }
        reach(end);
    }

    /**
     * Lets as much time pass as {@code future} needs to complete, and gives its value.
     *
     * @throws IllegalStateException if nothing is scheduled and the future is still not complete
     */
    public <T> T await(CompletableFuture<T> future) {
        while (!future.isDone()) {
            Entry next = poll(Instant.MAX);
            if (next == null) {
                throw new IllegalStateException(
                        "nothing is scheduled, yet the future is not complete: something outside must complete it");
            }
            next.task.run();
        }
        return future.join();
    }

    private synchronized @Nullable Entry poll(Instant end) {
        if (queue.isEmpty() || queue.first().due.isAfter(end)) {
            return null;
        }
        Entry next = queue.first();
        queue.remove(next);
        if (next.due.isAfter(now)) {
            now = next.due;
        }
        return next;
    }

    private synchronized void reach(Instant end) {
        if (end.isAfter(now)) {
            now = end;
        }
    }

    private synchronized void cancel(Entry entry) {
        queue.remove(entry);
    }

    private record Entry(Instant due, long order, Runnable task) {}
}
