package io.reelbatch.cli.simulator;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks many times a second for what is due by a clock that may run faster than the world's, from the first delivery on. What
 * is due after a restart is forgotten: a callback is a promise of nothing.
 */
final class PunctualCourier implements Courier, AutoCloseable {
    private static final int TICK_MILLIS = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private record Due(Instant at, Supplier<List<HttpRequest>> requests) {}

    private final Clock clock;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    private final PriorityQueue<Due> queue =
            new PriorityQueue<>((one, other) -> one.at().compareTo(other.at()));
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "simulator-callbacks");
        thread.setDaemon(true);
        return thread;
    });
    private @Nullable ScheduledFuture<?> ticking;

    PunctualCourier(Clock clock) {
        this.clock = clock;
    }

    @Override
    public synchronized void deliver(Instant due, Supplier<List<HttpRequest>> requests) {
        queue.add(new Due(due, requests));
        if (ticking == null) {
            ticking = timer.scheduleWithFixedDelay(this::tick, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private synchronized void tick() {
        Instant now = clock.instant();
        for (Due next = queue.peek(); next != null && !next.at().isAfter(now); next = queue.peek()) {
            queue.remove();
            next.requests().get().forEach(this::send);
        }
    }

    private void send(HttpRequest request) {
        // Nobody is told whether it arrives: the client has its polls.
        var unused = http.sendAsync(request, BodyHandlers.discarding());
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
