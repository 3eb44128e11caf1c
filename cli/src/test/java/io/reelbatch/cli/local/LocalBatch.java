package io.reelbatch.cli.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.reelbatch.adapters.provider.Downloader;
import io.reelbatch.adapters.provider.ProviderClient;
import io.reelbatch.adapters.provider.ProviderSettings;
import io.reelbatch.cli.simulator.Simulator;
import io.reelbatch.cli.simulator.SimulatorSettings;
import io.reelbatch.domain.catalog.Catalog;
import io.reelbatch.domain.job.BatchSettings.ProviderApi;
import io.reelbatch.domain.json.Json;
import io.reelbatch.domain.pace.Backoff;
import io.reelbatch.domain.provider.ApiKey;
import io.reelbatch.domain.store.ObjectWriter;
import io.reelbatch.handlers.Parts;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;

/** One batch in a folder, over the simulator, 200 times as fast. */
final class LocalBatch implements AutoCloseable {
    static final String KEY = "very-secret-key";

    private static final double SPEED = 200;

    private final ScaledClock clock = new ScaledClock(SPEED, Instant.EPOCH);
    final String id;
    final Simulator simulator;
    final SqliteJobStore jobs;
    final FileObjectStore objects;
    private final ProviderClient client;
    private final Downloader downloader = new Downloader(Downloader.Settings.of(true));

    /** @param home holds what batches share; the batch's folder is below it */
    LocalBatch(Path home, String id, UnaryOperator<SimulatorSettings> settings) throws IOException {
        this(home, id, settings, KEY);
    }

    LocalBatch(Path home, String id, UnaryOperator<SimulatorSettings> settings, String key) throws IOException {
        this.id = id;
        simulator = Simulator.start(settings.apply(SimulatorSettings.defaults().withClock(clock)));
        Path folder = home.resolve(id);
        jobs = new SqliteJobStore(folder.resolve(".reelbatch/jobs.db"), home.resolve("account.db"));
        objects = new FileObjectStore(folder, id);
        client = new ProviderClient(ProviderSettings.of(simulator.baseUrl(), () -> ApiKey.of(key), ProviderApi.ATLAS)
                .withRealm(URI.create("simulator:test")));
    }

    void put(String key, byte[] bytes) throws IOException {
        try (ObjectWriter writer = objects.write(key, "image/png")) {
            writer.write(bytes);
            writer.commit();
        }
    }

    /** Runs to the end; gives the manifest. */
    JsonNode run(String yaml, Map<String, String> inputs) throws IOException {
        ObjectNode input = Json.mapper().createObjectNode();
        input.put("batchId", id);
        input.set("config", new YAMLMapper().readTree(yaml));
        input.set("inputs", Json.mapper().valueToTree(inputs));
        Parts parts = new Parts(
                jobs,
                objects,
                "local",
                Catalog.shipped(),
                api -> client,
                false,
                downloader,
                new Backoff(new Random(1)),
                clock);
        try (LocalRun run = new LocalRun(parts, clock)) {
            run.start(id + "-run", input).result().join();
        }
        try (InputStream in = objects.read("batches/" + id + "/manifest.json")) {
            return Json.mapper().readTree(in);
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
        downloader.close();
        simulator.close();
        jobs.close();
        objects.close();
    }
}
