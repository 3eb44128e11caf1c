package io.reelbatch.handlers;

import io.reelbatch.adapters.metrics.Metrics;
import io.reelbatch.adapters.provider.Downloader;
import io.reelbatch.adapters.provider.ProviderClient;
import io.reelbatch.domain.catalog.Catalog;
import io.reelbatch.domain.job.BatchRecord;
import io.reelbatch.domain.job.BatchSettings.ProviderApi;
import io.reelbatch.domain.notify.Outbox;
import io.reelbatch.domain.pace.Backoff;
import io.reelbatch.domain.store.JobStore;
import io.reelbatch.domain.store.Jobs;
import io.reelbatch.domain.store.ObjectStore;
import io.reelbatch.errors.StoreException;
import java.net.URI;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The dependencies of the steps, wired for Lambda or for one machine.
 *
 * @param bucket name of the bucket behind {@code objects}, as the definition's ItemReader needs it
 * @param catalogs gives the one catalog
 * @param provider a client for each shape of the provider's API
 * @param outbox is told of what has ended
 * @param webhookUrl where the provider can call back, without the part that names a job; empty where it cannot
 * @param quoting whether the provider is asked for its price before a request is first sent
 * @param downloaders gives the one downloader
 */
public record Parts(
        JobStore store,
        ObjectStore objects,
        String bucket,
        Supplier<Catalog> catalogs,
        Function<ProviderApi, ProviderClient> provider,
        boolean quoting,
        Supplier<Downloader> downloaders,
        Backoff backoff,
        Clock clock,
        Metrics metrics,
        Outbox outbox,
        Optional<URI> webhookUrl) {

    /** Without metrics, whose place on one machine its log and its manifest take, and without notifications. */
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
        this(
                store,
                objects,
                bucket,
                () -> catalog,
                provider,
                quoting,
                () -> downloader,
                backoff,
                clock,
                Metrics.none(),
                Outbox.NONE,
                Optional.empty());
    }

    /** The same with somebody who is told of what has ended. */
    public Parts with(Outbox other) {
        return new Parts(
                store,
                objects,
                bucket,
                catalogs,
                provider,
                quoting,
                downloaders,
                backoff,
                clock,
                metrics,
                other,
                webhookUrl);
    }

    /** The same, called back at that address. */
    public Parts calledBackAt(URI address) {
        return new Parts(
                store,
                objects,
                bucket,
                catalogs,
                provider,
                quoting,
                downloaders,
                backoff,
                clock,
                metrics,
                outbox,
                Optional.of(address));
    }

    Catalog catalog() {
        return catalogs.get();
    }

    Downloader downloader() {
        return downloaders.get();
    }

    Jobs jobs() {
        return new Jobs(store, (before, after) -> {
            metrics.jobChanged(before, after);
            if (after.state().isEnd() && !before.state().isEnd()) {
                outbox.jobEnded(after);
            }
        });
    }

    BatchRecord batch(String batchId) {
        return store.batch(batchId)
                .orElseThrow(() -> new StoreException("There is no record of batch " + batchId
                        + ". It was not planned in this store, or its records were deleted."));
    }
}
