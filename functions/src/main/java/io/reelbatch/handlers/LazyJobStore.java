package io.reelbatch.handlers;

import io.reelbatch.domain.job.BatchRecord;
import io.reelbatch.domain.job.JobKey;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.store.Fact;
import io.reelbatch.domain.store.FactKey;
import io.reelbatch.domain.store.JobStore;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A store that is opened by its first use. */
final class LazyJobStore implements JobStore {
    private final Lazy<JobStore> store;

    LazyJobStore(Supplier<JobStore> opener) {
        this.store = new Lazy<>(opener);
    }

    @Override
    public boolean createBatch(BatchRecord batch) {
        return store.get().createBatch(batch);
    }

    @Override
    public Optional<BatchRecord> batch(String batchId) {
        return store.get().batch(batchId);
    }

    @Override
    public boolean replaceBatch(BatchRecord next) {
        return store.get().replaceBatch(next);
    }

    @Override
    public List<String> unfinishedBatches() {
        return store.get().unfinishedBatches();
    }

    @Override
    public void addJobs(Iterable<JobRecord> jobs) {
        store.get().addJobs(jobs);
    }

    @Override
    public Optional<JobRecord> job(JobKey key) {
        return store.get().job(key);
    }

    @Override
    public Written replace(JobRecord next, Spend spend) {
        return store.get().replace(next, spend);
    }

    @Override
    public BigDecimal committed(String batchId) {
        return store.get().committed(batchId);
    }

    @Override
    public void forEachJob(String batchId, Consumer<JobRecord> action) {
        store.get().forEachJob(batchId, action);
    }

    @Override
    public Optional<Fact> fact(FactKey key) {
        return store.get().fact(key);
    }

    @Override
    public boolean putFact(Fact next) {
        return store.get().putFact(next);
    }

    @Override
    public void close() {
        if (store.isMade()) {
            store.get().close();
        }
    }
}
