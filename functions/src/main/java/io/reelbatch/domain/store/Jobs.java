package io.reelbatch.domain.store;

import io.reelbatch.domain.job.JobKey;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.store.JobStore.Spend;
import io.reelbatch.domain.store.JobStore.Written;
import io.reelbatch.errors.StoreException;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Changes of job records by many writers at once. A change is a function of the latest record; if another writer was
 * faster, it is applied again to what that writer wrote. The amount that a change takes from the budget or gives back
 * follows from the ledger before and after it, and is booked in the same write.
 */
public final class Jobs {
    /** More conflicts than this on one record mean that something is broken, not busy. */
    private static final int MAX_CONFLICTS = 50;

    private final JobStore store;
    private final BiConsumer<JobRecord, JobRecord> watcher;

    public Jobs(JobStore store) {
        this(store, (before, after) -> {});
    }

    /** @param watcher told of each write: the record before it and after it */
    public Jobs(JobStore store, BiConsumer<JobRecord, JobRecord> watcher) {
        this.store = store;
        this.watcher = watcher;
    }

    /** The record as last written. */
    public JobRecord read(JobKey key) {
        return store.job(key)
                .orElseThrow(() -> new StoreException("There is no record of job " + key
                        + ". The batch was not planned in this store, or its records were deleted."));
    }

    /** Applies {@code change} to the latest record; a change that returns its argument writes nothing. */
    public JobRecord update(JobKey key, UnaryOperator<JobRecord> change) {
        return write(key, record -> true, change, Optional.empty()).record();
    }

    /** Applies {@code change} unless the latest record fails {@code condition}. */
    public Change updateIf(JobKey key, Predicate<JobRecord> condition, UnaryOperator<JobRecord> change) {
        return write(key, condition, change, Optional.empty());
    }

    /** Like {@link #updateIf}; also refuses the change if it would commit more than {@code budget}. */
    public Change reserve(
            JobKey key, Predicate<JobRecord> condition, UnaryOperator<JobRecord> change, Optional<BigDecimal> budget) {
        return write(key, condition, change, budget);
    }

    private Change write(
            JobKey key, Predicate<JobRecord> condition, UnaryOperator<JobRecord> change, Optional<BigDecimal> budget) {
        for (int conflict = 0; conflict < MAX_CONFLICTS; conflict++) {
            JobRecord latest = read(key);
            if (!condition.test(latest)) {
                return new Change(Outcome.NOT_NOW, latest);
            }
            JobRecord next = change.apply(latest);
            if (next.equals(latest)) {
                return new Change(Outcome.DONE, latest);
            }
            JobRecord numbered = next.numbered(latest.version() + 1);
            Spend spend = new Spend(numbered.committed().subtract(latest.committed()), budget);
            Written written = store.replace(numbered, spend);
            if (written == Written.DONE) {
                if (numbered.state().isEnd() && numbered.plan().permit()) {
                    new Permits(store).release(key);
                }
                watcher.accept(latest, numbered);
                return new Change(Outcome.DONE, numbered);
            }
            if (written == Written.OVER_BUDGET) {
                return new Change(Outcome.OVER_BUDGET, latest);
            }
        }
        throw new StoreException("Job " + key + " changed " + MAX_CONFLICTS + " times while it was being written.");
    }

    /** The result of a change. */
    public enum Outcome {
        /** Written, or there was nothing to write. */
        DONE,
        /** The latest record did not meet the condition. */
        NOT_NOW,
        /** The budget does not cover it. */
        OVER_BUDGET
    }

    /**
     * A change and the record after it.
     *
     * @param record as written, or as found when nothing was written
     */
    public record Change(Outcome outcome, JobRecord record) {}
}
