package io.reelbatch.handlers;

import io.reelbatch.domain.job.BatchRecord;
import io.reelbatch.domain.job.JobKey;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.pace.Limit;
import io.reelbatch.domain.pace.PaceKey;
import io.reelbatch.domain.pace.PaceStore;
import io.reelbatch.domain.store.Fact;
import io.reelbatch.domain.store.FactKey;
import io.reelbatch.domain.store.JobStore;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
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

    /** Opens the store no sooner than its own first use. */
    @Override
    public PaceStore pace() {
        return new LazyPace(store);
    }

    @Override
    public void close() {
        if (store.isMade()) {
            store.get().close();
        }
    }

    private record LazyPace(Lazy<JobStore> store) implements PaceStore {
        @Override
        public void remember(PaceKey key, Duration took) {
            store.get().pace().remember(key, took);
        }

        @Override
        public List<Duration> remembered(PaceKey key) {
            return store.get().pace().remembered(key);
        }

        @Override
        public Optional<Limit> limit(PaceKey key) {
            return store.get().pace().limit(key);
        }

        @Override
        public boolean putLimit(PaceKey key, Optional<Limit> before, Limit next) {
            return store.get().pace().putLimit(key, before, next);
        }

        @Override
        public Optional<Instant> advance(PaceKey key, long version, Duration by, Instant after, Instant last) {
            return store.get().pace().advance(key, version, by, after, last);
        }
    }
}
