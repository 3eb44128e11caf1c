package io.reelbatch.handlers;

import io.reelbatch.domain.job.BatchRecord;
import io.reelbatch.domain.job.BatchRecord.Halt;
import io.reelbatch.domain.provider.ProviderError;
import io.reelbatch.domain.store.JobStore;

/**
 * Stops all further submits of a batch after the provider has refused the account, since every one of them would be
 * refused too.
 */
final class Halting {
    private final JobStore store;

    Halting(JobStore store) {
        this.store = store;
    }

    /** Marks the batch; the first refusal is the one that is kept. */
    void halt(String batchId, ProviderError error) {
        Halt halt = new Halt(error.kind().reason(), sentence(error));
        boolean settled = false;
        while (!settled) {
            BatchRecord batch = store.batch(batchId).orElseThrow();
            settled = batch.halt().isPresent() || store.replaceBatch(batch.halted(halt));
        }
    }

    static String sentence(ProviderError error) {
        return error.advise();
    }
}
