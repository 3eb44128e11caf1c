package io.reelbatch.handlers;

import io.reelbatch.adapters.aws.Executions;
import io.reelbatch.domain.config.ConfigReader;
import io.reelbatch.domain.job.BatchSettings.ProviderApi;
import io.reelbatch.domain.job.JobKey;
import io.reelbatch.domain.json.Json;
import io.reelbatch.domain.planning.Planner;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does before Lambda takes its snapshot of a function what its first calls would spend their time on: classes are loaded and
 * compiled, the clients' machinery is set up. A call that fails, without a network or a permission, has done that too.
 */
final class Snapshot implements Resource {
    private static final Logger LOG = LoggerFactory.getLogger(Snapshot.class);

    private static final byte[] CONFIG =
            "jobs: [{name: a, type: image, model: google/imagen4-ultra/text-to-image, prompt: a}]"
                    .getBytes(StandardCharsets.UTF_8);

    private final List<Warming> warmings;

    /** Something that costs time when it is done first; its result is of no interest. */
    @FunctionalInterface
    interface Warming {
        Object run() throws Exception;
    }

    private Snapshot(List<Warming> warmings) {
        this.warmings = warmings;
    }

    /**
     * Has this done before a snapshot; where none is taken it never is.
     *
     * @return to be kept as long as the function lives: the registry forgets what nobody else keeps
     */
    static Snapshot prepare(Warming... warmings) {
        Snapshot snapshot = new Snapshot(List.of(warmings));
        Core.getGlobalContext().register(snapshot);
        return snapshot;
    }

    /** What all functions have in common: a record, an object, JSON. Nothing of these names exists. */
    static Warming stores(Parts parts) {
        return () -> {
            Json.mapper().readValue("{\"batchId\":\"-\",\"job\":0}", JobStep.class);
            parts.store().job(new JobKey("-", 0));
            return parts.objects().find("batches/-/-");
        };
    }

    /** Reading and planning a config, which loads a schema. */
    static Warming planning(Parts parts) {
        return () -> Planner.plan(
                new ConfigReader(),
                "snapshot.yaml",
                CONFIG,
                parts.catalog(),
                new StoredInputs(parts.objects(), parts.bucket(), Map.of()));
    }

    /** The provider's client, without a call: there is no key before the snapshot. */
    static Warming provider(Parts parts) {
        return () -> parts.provider().apply(ProviderApi.ATLAS);
    }

    /** Step Functions' client. */
    static Warming executions(Executions executions) {
        return () -> executions.find(executions.arn("-"));
    }

    @Override
    public void beforeCheckpoint(Context<? extends Resource> context) {
        warmings.forEach(Snapshot::run);
    }

    /** A function that starts slowly is better than none. */
    private static void run(Warming warming) {
        try {
            Object done = warming.run();
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
