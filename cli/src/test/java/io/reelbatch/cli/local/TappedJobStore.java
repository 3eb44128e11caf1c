package io.reelbatch.cli.local;

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
import java.util.function.Supplier;

/** A job store at which a test can listen, and fail. */
class TappedJobStore implements JobStore {
    private final JobStore store;

    TappedJobStore(JobStore store) {
        this.store = store;
    }

    /** Every read goes through here. */
    <T> T read(Supplier<T> action) {
        return action.get();
    }

    /** Every write goes through here. */
    <T> T write(String what, Supplier<T> action) {
        return action.get();
    }

    @Override
    public boolean createBatch(BatchRecord batch) {
        return write("the batch", () -> store.createBatch(batch));
    }

    @Override
    public Optional<BatchRecord> batch(String batchId) {
        return read(() -> store.batch(batchId));
    }

    @Override
    public boolean replaceBatch(BatchRecord next) {
        return write("the batch as " + next.state(), () -> store.replaceBatch(next));
    }

    @Override
    public List<String> unfinishedBatches() {
        return read(store::unfinishedBatches);
    }

    @Override
    public void addJobs(Iterable<JobRecord> jobs) {
        write("the jobs", () -> {
            store.addJobs(jobs);
            return true;
        });
    }

    @Override
    public Optional<JobRecord> job(JobKey key) {
        return read(() -> store.job(key));
    }

    @Override
    public Written replace(JobRecord next, Spend spend) {
        return write("job " + next.plan().index() + " as " + next.state(), () -> store.replace(next, spend));
    }

    @Override
    public BigDecimal committed(String batchId) {
        return read(() -> store.committed(batchId));
    }

    @Override
    public void forEachJob(String batchId, Consumer<JobRecord> action) {
        read(() -> {
            store.forEachJob(batchId, action);
            return true;
        });
    }

    @Override
    public Optional<Fact> fact(FactKey key) {
        return read(() -> store.fact(key));
    }

    @Override
    public boolean putFact(Fact next) {
        return write("the fact " + next.key().name(), () -> store.putFact(next));
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
