package io.reelbatch.handlers;

import io.reelbatch.adapters.aws.Executions;
import io.reelbatch.adapters.provider.Webhooks;
import io.reelbatch.domain.config.ConfigReader;
import io.reelbatch.domain.job.BatchSettings.ProviderApi;
import io.reelbatch.domain.job.JobKey;
import io.reelbatch.domain.json.Json;
import io.reelbatch.domain.planning.Planner;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does before Lambda takes its snapshot of a function what its first calls would spend their time on: classes are loaded and
 * compiled, the clients' machinery is set up. Each function names what its usual event needs, and no more. The calls of AWS and what
 * needs none are done beside each other, since nothing but processor time holds them up. A call that fails, without a network or a
 * permission, has done that too.
 */
final class Snapshot implements Resource {
    private static final Logger LOG = LoggerFactory.getLogger(Snapshot.class);

    private static final byte[] CONFIG =
            "jobs: [{name: a, type: image, model: google/imagen4-ultra/text-to-image, prompt: a}]"
                    .getBytes(StandardCharsets.UTF_8);

    /** It is a second's work; a function that is not prepared still works. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final List<Warming> warmings;

    /** What one thread does: the two have hardly a class in common, so that neither waits for the other. */
    private enum Lane {
        AWS,
        OURS
    }

    /**
     * Something that costs time when it is done first.
     *
     * @param work its result is of no interest
     */
    record Warming(Lane lane, Callable<?> work) {}

    private Snapshot(List<Warming> warmings) {
        this.warmings = warmings;
    }

    /**
     * Has this done before a snapshot, and what every function needs; where none is taken it never is.
     *
     * @return to be kept as long as the function lives: the registry forgets what nobody else keeps
     */
    static Snapshot prepare(Warming... warmings) {
        List<Warming> all = new ArrayList<>();
        // Certificates are read by the first connection of any client.
        all.add(new Warming(Lane.OURS, SSLContext::getDefault));
        all.add(new Warming(Lane.OURS, () -> Json.mapper().readValue("{\"batchId\":\"-\",\"job\":0}", JobStep.class)));
        all.addAll(Arrays.asList(warmings));
        Snapshot snapshot = new Snapshot(List.copyOf(all));
        Core.getGlobalContext().register(snapshot);
        return snapshot;
    }

    /** A record, of which there is none of that name. */
    static Warming records(Parts parts) {
        return new Warming(Lane.AWS, () -> parts.store().job(new JobKey("-", 0)));
    }

    /** An object, of which there is none of that name. */
    static Warming objects(Parts parts) {
        return new Warming(Lane.AWS, () -> parts.objects().find("batches/-/-"));
    }

    /** What fetches outputs, without a connection. */
    static Warming downloads(Parts parts) {
        return new Warming(Lane.OURS, parts::downloader);
    }

    /** Reading and planning a config, which loads a schema. */
    static Warming planning(Parts parts) {
        return new Warming(
                Lane.OURS,
                () -> Planner.plan(
                        new ConfigReader(),
                        "snapshot.yaml",
                        CONFIG,
                        parts.catalog(),
                        new StoredInputs(parts.objects(), parts.bucket(), Map.of())));
    }

    /** The provider's client, without a call: there is no key before the snapshot. */
    static Warming provider(Parts parts) {
        return new Warming(Lane.OURS, () -> parts.provider().apply(ProviderApi.ATLAS));
    }

    /** What calls receivers of notifications, without a connection. */
    static Warming webhooks(Supplier<Webhooks> webhooks) {
        return new Warming(Lane.OURS, webhooks::get);
    }

    /** Step Functions' client. */
    static Warming executions(Supplier<Executions> executions) {
        return new Warming(
                Lane.AWS, () -> executions.get().find(executions.get().arn("-")));
    }

    @Override
    public void beforeCheckpoint(Context<? extends Resource> context) {
        Thread beside = new Thread(() -> run(Lane.OURS), "snapshot");
        beside.setDaemon(true);
        beside.start();
        run(Lane.AWS);
        try {
            beside.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(Lane lane) {
        warmings.stream().filter(warming -> warming.lane() == lane).forEach(Snapshot::run);
    }

    /** A function that starts slowly is better than none. */
    private static void run(Warming warming) {
        try {
            Object done = warming.work().call();
            LOG.atDebug()
                    .setMessage("prepared for the snapshot")
                    .addKeyValue("by", done.getClass())
                    .log();
        } catch (Exception e) {
            LOG.atInfo()
                    .setMessage("not all could be prepared for the snapshot")
                    .addKeyValue("why", e.toString())
                    .log();
        }
    }

    @Override
    public void afterRestore(Context<? extends Resource> context) {
        // Nothing that ages is in the snapshot: the key is read, and connections are made, when they are first needed.
    }
}
