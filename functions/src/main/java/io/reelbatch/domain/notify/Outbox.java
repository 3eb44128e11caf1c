package io.reelbatch.domain.notify;

import com.fasterxml.jackson.databind.JsonNode;
import io.reelbatch.domain.job.BatchRecord;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.job.NotifySettings;
import java.util.Optional;

/**
 * Accepts notices of jobs and batches that have ended, and sends those that the batch's settings ask for. Returns at
 * once, so the step that ended a job does not wait for a receiver, and a failure here does not fail the job.
 */
public interface Outbox {
    /** Sends nothing. */
    Outbox NONE = new Outbox() {
        @Override
        public Optional<String> objection(NotifySettings settings) {
            return Optional.of("cannot be sent from here; remove it");
        }

        @Override
        public void jobEnded(JobRecord job) {}

        @Override
        public void batchEnded(BatchRecord batch, JsonNode summary) {}
    };

    /**
     * Why a batch with these settings must not be started here; empty if word of it can be sent.
     *
     * @return a clause that follows the name of the field {@code notify}
     */
    Optional<String> objection(NotifySettings settings);

    /** A job is stored or has failed. */
    void jobEnded(JobRecord job);

    /**
     * A batch's manifest is written.
     *
     * @param summary what its writer says of it
     */
    void batchEnded(BatchRecord batch, JsonNode summary);
}
