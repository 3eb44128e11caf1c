package io.reelbatch.domain.job;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What is known of a batch as a whole.
 *
 * @param jobs how many jobs it has
 * @param estimate sum of the jobs' expected prices, USD
 * @param warnings what was adapted or guessed, one sentence each
 * @param halt present once the provider refused the account: nothing more is submitted
 * @param execution which execution works on it, or did last: an ARN; empty in records of before it was kept
 * @param version 1 for a new record, then one more with each write
 */
public record BatchRecord(
        String batchId,
        BatchState state,
        BatchSettings settings,
        int jobs,
        BigDecimal estimate,
        List<String> warnings,
        Instant createdAt,
        Optional<Instant> finishedAt,
        Optional<Halt> halt,
        Optional<String> execution,
        long version) {
    public BatchRecord {
        warnings = List.copyOf(warnings);
    }

    /**
     * The next version: running, whatever it was before, and free to submit.
     *
     * @param change of the settings
     * @param by the execution that runs it from here on
     */
    public BatchRecord running(UnaryOperator<BatchSettings> change, Optional<String> by) {
        return new BatchRecord(
                batchId,
                BatchState.RUNNING,
                change.apply(settings),
                jobs,
                estimate,
                warnings,
                createdAt,
                Optional.empty(),
                Optional.empty(),
                by,
                version + 1);
    }

    /** The next version: its manifest is written. */
    public BatchRecord finished(Instant now) {
        return next(BatchState.FINISHED, Optional.of(now), halt);
    }

    /** The next version: nothing more is submitted. */
    public BatchRecord halted(Halt why) {
        return next(state, finishedAt, Optional.of(why));
    }

    private BatchRecord next(BatchState to, Optional<Instant> finished, Optional<Halt> why) {
        return new BatchRecord(
                batchId, to, settings, jobs, estimate, warnings, createdAt, finished, why, execution, version + 1);
    }

    /** Whether jobs can have been submitted. */
    public enum BatchState {
        /** Its jobs are being written; nothing was submitted. */
        PLANNING,
        /** Its jobs are written and may be running. */
        RUNNING,
        /** Its manifest is written. */
        FINISHED
    }

    /**
     * Why nothing more is submitted.
     *
     * @param reason {@link Reason#ACCOUNT_REFUSED} or {@link Reason#OUT_OF_BALANCE}
     * @param message one sentence for people
     */
    public record Halt(Reason reason, String message) {}
}
