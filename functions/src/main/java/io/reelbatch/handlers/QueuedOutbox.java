package io.reelbatch.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import io.reelbatch.adapters.aws.NotificationQueue;
import io.reelbatch.domain.job.BatchRecord;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.job.NotifySettings;
import io.reelbatch.domain.notify.Notice;
import io.reelbatch.domain.notify.Outbox;
import io.reelbatch.domain.notify.QueuedNotice;
import io.reelbatch.domain.store.BatchFolder;
import io.reelbatch.domain.store.JobStore;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts notices into a queue, from which {@link SendNotification} sends them. A notice that cannot be queued is logged
 * and lost; it does not fail the job or batch that it is about.
 */
final class QueuedOutbox implements Outbox {
    private static final Logger LOG = LoggerFactory.getLogger(QueuedOutbox.class);
    /** A function that lives for long works for many batches. */
    private static final int REMEMBERED = 50;

    private final JobStore store;
    private final Supplier<NotificationQueue> queue;
    private final String bucket;
    private final String secretPrefix;
    private final Map<String, Optional<BatchRecord>> batches = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Optional<BatchRecord>> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** @param secretPrefix with which the names of the secrets start that {@link SendNotification} may read */
    QueuedOutbox(JobStore store, Supplier<NotificationQueue> queue, String bucket, String secretPrefix) {
        this.store = store;
        this.queue = queue;
        this.bucket = bucket;
        this.secretPrefix = secretPrefix;
    }

    @Override
    public Optional<String> objection(NotifySettings settings) {
        return settings.secret()
                .filter(name -> !name.startsWith(secretPrefix))
                .map(name ->
                        "has the secret " + name + ", which a deployed stack cannot read: keep it in Secrets Manager"
                                + " under a name that starts with " + secretPrefix + ", and write that name");
    }

    @Override
    public void jobEnded(JobRecord job) {
        harmless(
                job.batchId(),
                () -> toldOfJobs(job.batchId()).ifPresent(batch -> queue(batch, Notice.of(batch, job, url(batch)))));
    }

    @Override
    public void batchEnded(BatchRecord batch, JsonNode summary) {
        if (batch.settings().notification().filter(NotifySettings::batch).isPresent()) {
            harmless(batch.batchId(), () -> queue(batch, Notice.of(batch, summary, url(batch))));
        }
    }

    private UnaryOperator<String> url(BatchRecord batch) {
        return path -> "s3://" + bucket + "/" + new BatchFolder(batch.batchId()).visible(path);
    }

    /** What a batch wants to be told of stays as it was planned. */
    private Optional<BatchRecord> toldOfJobs(String batchId) {
        synchronized (batches) {
            return batches.computeIfAbsent(
                    batchId,
                    id -> store.batch(id)
                            .filter(batch -> batch.settings()
                                    .notification()
                                    .filter(NotifySettings::jobs)
                                    .isPresent()));
        }
    }

    private void queue(BatchRecord batch, Notice notice) {
        queue.get().add(new QueuedNotice(batch.batchId(), notice).toJson());
    }

    private static void harmless(String batchId, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | LinkageError e) {
            LOG.atError()
                    .setMessage("notification not queued")
                    .addKeyValue("batch", batchId)
                    .addKeyValue("why", e.toString())
                    .log();
        }
    }
}
