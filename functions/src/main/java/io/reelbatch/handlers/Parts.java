package io.reelbatch.handlers;

import io.reelbatch.adapters.metrics.Metrics;
import io.reelbatch.adapters.provider.Downloader;
import io.reelbatch.adapters.provider.ProviderClient;
import io.reelbatch.domain.catalog.Catalog;
import io.reelbatch.domain.job.BatchRecord;
import io.reelbatch.domain.job.BatchSettings.ProviderApi;
import io.reelbatch.domain.pace.Backoff;
import io.reelbatch.domain.store.JobStore;
import io.reelbatch.domain.store.Jobs;
import io.reelbatch.domain.store.ObjectStore;
import io.reelbatch.errors.StoreException;
import java.time.Clock;
import java.util.function.Function;

/**
 * What the steps are made of: the same for Lambda and for one machine.
 *
 * @param bucket name of the bucket behind {@code objects}, as the definition's ItemReader needs it
 * @param provider a client for each shape of the provider's API
 * @param quoting whether the provider is asked for its price before a request is first sent
 */
public record Parts(
        JobStore store,
        ObjectStore objects,
        String bucket,
        Catalog catalog,
        Function<ProviderApi, ProviderClient> provider,
        boolean quoting,
        Downloader downloader,
        Backoff backoff,
        Clock clock,
        Metrics metrics) {

    /** Without metrics: what happens on one machine is in its log and its manifest. */
    public Parts(
            JobStore store,
            ObjectStore objects,
            String bucket,
            Catalog catalog,
            Function<ProviderApi, ProviderClient> provider,
            boolean quoting,
            Downloader downloader,
            Backoff backoff,
            Clock clock) {
        this(store, objects, bucket, catalog, provider, quoting, downloader, backoff, clock, Metrics.none());
    }

    Jobs jobs() {
        return new Jobs(store, metrics::jobChanged);
    }

    BatchRecord batch(String batchId) {
        return store.batch(batchId)
                .orElseThrow(() -> new StoreException("There is no record of batch " + batchId
                        + ". It was not planned in this store, or its records were deleted."));
    }
}
