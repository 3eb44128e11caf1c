package io.reelbatch.domain.job;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.reelbatch.domain.plan.PlannedJob;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Everything that is known of one job. Immutable: a step makes the next version, and the store accepts it only if nobody
 * was faster.
 *
 * @param attempts the ledger, in the order sent
 * @param failure present exactly when {@code state} is {@link JobState#FAILED}
 * @param outputUrls where the provider keeps the outputs, once generated; they expire
 * @param output present exactly when {@code state} is {@link JobState#STORED}
 * @param waits seconds waited between polls, in order: how the choice of schedule shows
 * @param startedAt when the job was first taken up, throttling included
 * @param generatedAt when the provider was first seen to be done
 * @param endedAt when it was stored or failed
 * @param version 1 for a new record, then one more with each write
 */
public record JobRecord(
        String batchId,
        PlannedJob plan,
        JobState state,
        List<Attempt> attempts,
        Optional<Failure> failure,
        List<String> outputUrls,
        Optional<StoredOutput> output,
        List<Integer> waits,
        Optional<Instant> startedAt,
        Optional<Instant> generatedAt,
        Optional<Instant> endedAt,
        long version) {
    public JobRecord {
        attempts = List.copyOf(attempts);
        outputUrls = List.copyOf(outputUrls);
        waits = List.copyOf(waits);
    }

    /** A job nothing has happened to yet. */
    public static JobRecord planned(String batchId, PlannedJob plan) {
        return new JobRecord(
                batchId,
                plan,
                JobState.PLANNED,
                List.of(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                1);
    }

    /** The record's name in the store. */
    @JsonIgnore
    public JobKey key() {
        return new JobKey(batchId, plan.index());
    }
}
