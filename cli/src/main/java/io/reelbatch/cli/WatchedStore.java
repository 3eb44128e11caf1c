package io.reelbatch.cli;

import io.reelbatch.domain.job.BatchRecord;
import io.reelbatch.domain.job.JobKey;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.pace.PaceStore;
import io.reelbatch.domain.store.Fact;
import io.reelbatch.domain.store.FactKey;
import io.reelbatch.domain.store.JobStore;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A job store that reports every record it writes to a listener. */
record WatchedStore(JobStore store, Consumer<JobRecord> watcher) implements JobStore {
    @Override
    public boolean createBatch(BatchRecord batch) {
        return store.createBatch(batch);
    }

    @Override
    public Optional<BatchRecord> batch(String batchId) {
        return store.batch(batchId);
    }

    @Override
    public boolean replaceBatch(BatchRecord next) {
        return store.replaceBatch(next);
    }

    @Override
    public List<String> unfinishedBatches() {
        return store.unfinishedBatches();
    }

    @Override
    public void addJobs(Iterable<JobRecord> jobs) {
        store.addJobs(jobs);
    }

    @Override
    public Optional<JobRecord> job(JobKey key) {
        return store.job(key);
    }

    @Override
    public Written replace(JobRecord next, Spend spend) {
        Written written = store.replace(next, spend);
        if (written == Written.DONE) {
            watcher.accept(next);
        }
        return written;
    }

    @Override
    public BigDecimal committed(String batchId) {
        return store.committed(batchId);
    }

    @Override
    public void forEachJob(String batchId, Consumer<JobRecord> action) {
        store.forEachJob(batchId, action);
    }

    @Override
    public Optional<Fact> fact(FactKey key) {
        return store.fact(key);
    }

    @Override
    public boolean putFact(Fact next) {
        return store.putFact(next);
    }

    @Override
    public PaceStore pace() {
        return store.pace();
    }

    @Override
    public void close() {
        store.close();
    }
}
