package io.reelbatch.domain.store;

import io.reelbatch.domain.job.BatchRecord;
import io.reelbatch.domain.job.JobKey;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.pace.PaceStore;
import io.reelbatch.errors.StoreException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Stores the records of batches and jobs. Every change is a conditional write of a whole record: of several writers
 * that start from the same version exactly one wins. Safe for use by many threads and many machines at once. Trouble
 * with the store itself is a {@link StoreException}.
 */
public interface JobStore extends AutoCloseable {

    /** Writes a new batch with version 1; false when the batch exists, which is then left alone. */
    boolean createBatch(BatchRecord batch);

    /** Reads a batch as last written: strongly consistent. */
    Optional<BatchRecord> batch(String batchId);

    /** Writes {@code next} if the stored version is {@code next.version() - 1}; false when it is not. */
    boolean replaceBatch(BatchRecord next);

    /** The ids of all batches whose record is not {@code FINISHED}, in the order of their text; cheap however many are finished. */
    List<String> unfinishedBatches();

    /**
     * Writes the records of a batch that is being planned, each with version 1. A job that has a record keeps it, so that
     * planning may be done again after a crash, and by several at once, whatever has been submitted meanwhile.
     */
    void addJobs(Iterable<JobRecord> jobs);

    /** Reads a job as last written: strongly consistent. */
    Optional<JobRecord> job(JobKey key);

    /**
     * Writes {@code next} if the stored version is {@code next.version() - 1} and, in the same transaction, applies
     * {@code spend} to the batch's committed total. A write that is both stale and over the budget is {@code STALE}.
     */
    Written replace(JobRecord next, Spend spend);

    /** USD that the batch has charged, at risk and reserved, as kept by {@link #replace}; zero for an unknown batch. */
    BigDecimal committed(String batchId);

    /** Hands over every job of the batch in the order of the config, holding only a few in memory. */
    void forEachJob(String batchId, Consumer<JobRecord> action);

    /** Reads a fact as last written: strongly consistent. */
    Optional<Fact> fact(FactKey key);

    /**
     * Writes {@code next} if the stored version is {@code next.version() - 1}, or if there is none and it is version 1;
     * false when not.
     */
    boolean putFact(Fact next);

    /** What all batches of the account share about pace; closed with this store. */
    PaceStore pace();

    @Override
    void close();

    /** Outcome of a conditional write. */
    enum Written {
        /** The record is written. */
        DONE,
        /** Somebody else wrote the record since it was read; nothing is written. */
        STALE,
        /** The change would exceed the budget; nothing is written. */
        OVER_BUDGET
    }

    /**
     * A change of a batch's committed total.
     *
     * @param amount USD, at most 9 decimals; negative releases
     * @param limit the total may not exceed it when {@code amount} is positive; empty means no budget
     */
    record Spend(BigDecimal amount, Optional<BigDecimal> limit) {
        /** No change. */
        public static final Spend NONE = new Spend(BigDecimal.ZERO, Optional.empty());

        private static final int MAX_DECIMALS = 9;

        public Spend {
            if (amount.stripTrailingZeros().scale() > MAX_DECIMALS) {
                throw new IllegalArgumentException(
                        "an amount of " + amount + " USD has more than " + MAX_DECIMALS + " decimals");
            }
        }
    }
}
