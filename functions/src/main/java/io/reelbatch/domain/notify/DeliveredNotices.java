package io.reelbatch.domain.notify;

import io.reelbatch.domain.store.Fact;
import io.reelbatch.domain.store.FactKey;
import io.reelbatch.domain.store.JobStore;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Records which notices were delivered, beside the job records, so that none is sent again. */
public final class DeliveredNotices {
    private final JobStore store;

    public DeliveredNotices(JobStore store) {
        this.store = store;
    }

    /** Whether this notice of the batch was delivered before. */
    public boolean has(String batchId, Notice notice) {
        return store.fact(key(batchId, notice)).isPresent();
    }

    /** Writes down that a notice of that batch is taken. */
    public void add(String batchId, Notice notice, Instant at) {
        store.putFact(Fact.first(key(batchId, notice), Map.of("at", at), Optional.empty()));
    }

    private static FactKey key(String batchId, Notice notice) {
        return new FactKey(batchId, "delivered/" + notice.id());
    }
}
