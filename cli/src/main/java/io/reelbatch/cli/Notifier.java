package io.reelbatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.reelbatch.domain.job.BatchRecord;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.job.NotifySettings;
import io.reelbatch.domain.notify.DeliveredNotices;
import io.reelbatch.domain.notify.Delivery;
import io.reelbatch.domain.notify.Notice;
import io.reelbatch.domain.notify.Outbox;
import io.reelbatch.domain.notify.Redelivery;
import io.reelbatch.domain.store.JobStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends notices about a batch while it runs. Delivered notices are recorded beside the job records; the others can be
 * derived from those, so a later run of the batch sends them.
 */
final class Notifier implements Outbox {
    private static final Logger LOG = LoggerFactory.getLogger(Notifier.class);

    private final JobStore store;
    private final DeliveredNotices delivered;
    private final String batchId;
    private final UnaryOperator<String> url;
    private final Sender sender;
    private final Timer timer;
    private final Clock clock;
    private final Set<String> pending = new HashSet<>();
    private final Map<String, String> troubles = new HashMap<>();
    private int preparing;

    /** Delivers one notice, once. */
    @FunctionalInterface
    interface Sender {
        Delivery send(NotifySettings settings, Notice notice);
    }

    /** Does something later, in a thread of its own. */
    @FunctionalInterface
    interface Timer {
        void after(Duration wait, Runnable task);
    }

    /**
     * Sends nothing yet.
     *
     * @param url where a file of the batch is, by its path
     */
    Notifier(JobStore store, String batchId, UnaryOperator<String> url, Sender sender, Timer timer, Clock clock) {
        this.store = store;
        this.delivered = new DeliveredNotices(store);
        this.batchId = batchId;
        this.url = url;
        this.sender = sender;
        this.timer = timer;
        this.clock = clock;
    }

    /** Its secret was looked for before anything started. */
    @Override
    public Optional<String> objection(NotifySettings settings) {
        return Optional.empty();
    }

    @Override
    public void jobEnded(JobRecord job) {
        prepare(batch -> offer(batch, Notice.of(batch, job, url)));
    }

    @Override
    public void batchEnded(BatchRecord batch, JsonNode summary) {
        if (batch.settings().notification().map(NotifySettings::batch).orElse(false)) {
            offer(batch, Notice.of(batch, summary, url));
        }
    }

    /** Sends word of the jobs that ended in an earlier run and whose receiver did not take it then. */
    void catchUp() {
        prepare(batch -> store.forEachJob(batchId, job -> {
            if (job.state().isEnd()) {
                offer(batch, Notice.of(batch, job, url));
            }
        }));
    }

    /** Reads the batch beside the run, and goes on if word of its jobs is to be sent. */
    private void prepare(Consumer<BatchRecord> action) {
        synchronized (pending) {
            preparing++;
        }
        timer.after(Duration.ZERO, () -> {
            try {
                store.batch(batchId)
                        .filter(batch -> batch.settings()
                                .notification()
                                .map(NotifySettings::jobs)
                                .orElse(false))
                        .ifPresent(action);
            } finally {
                synchronized (pending) {
                    preparing--;
                    pending.notifyAll();
                }
            }
        });
    }

    private static NotifySettings settings(BatchRecord batch) {
        return batch.settings().notification().orElseThrow();
    }

    private void offer(BatchRecord batch, Notice notice) {
        synchronized (pending) {
            if (!pending.add(notice.id())) {
                return;
            }
        }
        if (delivered.has(batchId, notice)) {
            ended(notice);
        } else {
            timer.after(Duration.ZERO, () -> send(settings(batch), notice, 1, clock.instant()));
        }
    }

    private void send(NotifySettings settings, Notice notice, int tries, Instant first) {
        Delivery delivery = sender.send(settings, notice);
        if (delivery instanceof Delivery.Done) {
            delivered.add(batchId, notice, clock.instant());
            ended(notice);
        } else if (delivery instanceof Delivery.Later later) {
            trouble(notice, later.why());
            Redelivery.after(tries, first, clock.instant(), later.retryAfter())
                    .ifPresent(wait -> timer.after(wait, () -> send(settings, notice, tries + 1, first)));
        } else {
            trouble(notice, ((Delivery.Never) delivery).why());
        }
    }

    private void ended(Notice notice) {
        synchronized (pending) {
            pending.remove(notice.id());
            troubles.remove(notice.id());
            pending.notifyAll();
        }
    }

    private void trouble(Notice notice, String why) {
        LOG.atWarn()
                .setMessage("notification not delivered")
                .addKeyValue("batch", batchId)
                .addKeyValue("notification", notice.id())
                .addKeyValue("why", why)
                .log();
        synchronized (pending) {
            troubles.put(notice.id(), why);
        }
    }

    private boolean isBusy() {
        return preparing > 0 || !pending.isEmpty();
    }

    /** Waits until all is delivered, and not longer; gives what is to be said of the rest, if there is one. */
    Optional<String> awaitDelivery(Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        synchronized (pending) {
            try {
                for (long left = patience.toNanos(); left > 0 && isBusy(); left = end - System.nanoTime()) {
                    TimeUnit.NANOSECONDS.timedWait(pending, left);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            String why = troubles.values().stream()
                    .findFirst()
                    .map(text -> " (" + text + ")")
                    .orElse("");
            return pending.isEmpty()
                    ? Optional.empty()
                    : Optional.of((pending.size() == 1 ? "1 notification is" : pending.size() + " notifications are")
                            + " not delivered" + why + ".");
        }
    }
}
