package io.reelbatch.domain.notify;

import com.fasterxml.jackson.databind.JsonNode;
import io.reelbatch.domain.job.BatchRecord;
import io.reelbatch.domain.job.JobRecord;

/**
 * Takes word of what has ended, to be sent where its batch's settings say, if they say so. Returns at once: whoever has ended a
 * job does not wait for a receiver, and nothing that happens here is that job's failure.
 */
public interface Outbox {
    /** For batches that nobody wants to hear of. */
    Outbox NONE = new Outbox() {
        @Override
        public void jobEnded(JobRecord job) {}

        @Override
        public void batchEnded(BatchRecord batch, JsonNode summary) {}
    };

    /** A job is stored or has failed. */
    void jobEnded(JobRecord job);

    /**
     * A batch's manifest is written.
     *
     * @param summary what its writer says of it
     */
    void batchEnded(BatchRecord batch, JsonNode summary);
}
