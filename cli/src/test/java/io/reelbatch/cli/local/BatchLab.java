package io.reelbatch.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import io.reelbatch.domain.store.BatchFolder;
import io.reelbatch.domain.store.JobStore;
import io.reelbatch.domain.store.ObjectStore;
import io.reelbatch.domain.store.ObjectWriter;
import io.reelbatch.engine.Execution;
import io.reelbatch.engine.ExecutionResult;
import io.reelbatch.handlers.Parts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Batches on one machine, in a test's own process: the deployed definition and handlers, real HTTP, SQLite and files. Only
 * time runs faster, for the simulator too. Each run opens the state in the folder anew.
 */
final class BatchLab implements AutoCloseable {
    static final String BATCH = "b1";
    static final String FLUX = "black-forest-labs/flux-2-pro/text-to-image";
    private static final String CONFIG = new BatchFolder(BATCH).internal("config/batch.yaml");
    /** A generation of 5 to 20 s (flux) takes 25 to 100 ms. */
    private static final double SPEED = 200;
    /** No run here takes a tenth of it: a hanging one is to fail. */
    private static final Duration LONGEST_RUN = Duration.ofMinutes(3);

    private final Path folder;
    private final Simulator simulator;
    private final Socket deaf = new Socket();
    private URI baseUrl;
    private String apiKey = "test-key";
    private Duration pollTimeout = Duration.ofSeconds(20);
    private UnaryOperator<JobStore> jobStores = store -> store;
    private UnaryOperator<ObjectStore> objectStores = store -> store;
    private UnaryOperator<Function<ProviderApi, ProviderClient>> providers = provider -> provider;
    private ScaledClock clock;
    private boolean quoting;
    private boolean calledBack;
    private int executions;

    BatchLab(Path folder, UnaryOperator<SimulatorSettings> settings) throws IOException {
        this.folder = folder;
        this.clock = new ScaledClock(SPEED, Instant.EPOCH);
        this.simulator = Simulator.start(
                settings.apply(SimulatorSettings.defaults().withSeed(1).withClock(new Now())));
        this.baseUrl = simulator.baseUrl();
        deaf.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0));
    }

    BatchLab(Path folder) throws IOException {
        this(folder, settings -> settings);
    }

    /** The lab's time, which can be put forward. */
    private final class Now extends Clock {
        @Override
        public Instant instant() {
            return clock.instant();
        }

        @Override
        public ZoneId getZone() {
            return clock.getZone();
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return clock.withZone(zone);
        }
    }

    /** A config of small pictures, each with its name as its prompt. */
    static String pictures(String... names) {
        return "defaults: {type: image, model: " + FLUX + ", width: 64, height: 64}\njobs:\n"
                + Arrays.stream(names)
                        .map(name -> "  - {name: " + quoted(name) + ", prompt: " + quoted(name) + "}\n")
                        .collect(Collectors.joining());
    }

    private static String quoted(String text) {
        return Json.mapper().getNodeFactory().textNode(text).toString();
    }

    /** Uses another server than the simulator. */
    BatchLab against(URI server) {
        baseUrl = server;
        return this;
    }

    BatchLab withKey(String other) {
        apiKey = other;
        return this;
    }

    /** How long a poll may wait for its answer, in real time. */
    BatchLab withPollTimeout(Duration other) {
        pollTimeout = other;
        return this;
    }

    /** Asks for a quote before each first submit, as with the real provider. */
    BatchLab withQuotes() {
        quoting = true;
        return this;
    }

    /** Is called back by the provider. */
    BatchLab withWebhooks() {
        calledBack = true;
        return this;
    }

    BatchLab withJobStores(UnaryOperator<JobStore> decorator) {
        jobStores = decorator;
        return this;
    }

    BatchLab withObjectStores(UnaryOperator<ObjectStore> decorator) {
        objectStores = decorator;
        return this;
    }

    BatchLab withProviders(UnaryOperator<Function<ProviderApi, ProviderClient>> decorator) {
        providers = decorator;
        return this;
    }

    /** Lets so much time pass at once, while nothing runs. */
    void wait(Duration time) {
        clock = new ScaledClock(SPEED, clock.instant().plus(time));
    }

    Simulator simulator() {
        return simulator;
    }

    Path folder() {
        return folder;
    }

    /** Puts the config where a run finds it. */
    void plan(String config) throws IOException {
        put(CONFIG, config.getBytes(StandardCharsets.UTF_8));
    }

    /** Puts an object into the store. */
    void put(String key, byte[] content) throws IOException {
        try (ObjectStore objects = new FileObjectStore(folder, BATCH);
                ObjectWriter out = objects.write(key, "application/octet-stream")) {
            out.write(content);
            out.commit();
        }
    }

    /** Runs a batch. */
    Ran run(String config) throws IOException {
        plan(config);
        return resume();
    }

    /** Takes up what has not ended. */
    Ran resume() throws IOException {
        try (Machine machine = machine()) {
            return machine.join(machine.start(false));
        }
    }

    /** Runs again what failed. */
    Ran retry() throws IOException {
        try (Machine machine = machine()) {
            return machine.join(machine.start(true));
        }
    }

    /** A machine that works on the batch until it is closed. */
    Machine machine() throws IOException {
        return new Machine();
    }

    /** Everything a process has of a batch. */
    final class Machine implements AutoCloseable {
        private final JobStore jobs;
        private final ObjectStore objects;
        private final ProviderClient client;
        private final ProviderClient tutorialClient;
        private final Downloader downloader;
        private final WebhookServer webhooks = new WebhookServer(0);
        private final LocalRun run;

        private Machine() throws IOException {
            jobs = jobStores.apply(
                    new SqliteJobStore(folder.resolve(".reelbatch/jobs.db"), folder.resolve(".reelbatch/account.db")));
            objects = objectStores.apply(new FileObjectStore(folder, BATCH));
            client = client(baseUrl, ProviderApi.ATLAS);
            tutorialClient = client(baseUrl, ProviderApi.TUTORIAL);
            downloader = new Downloader(Downloader.Settings.of(true));
            Parts made = new Parts(
                    jobs,
                    objects,
                    "local",
                    Catalog.shipped(),
                    providers.apply(api -> api == ProviderApi.ATLAS ? client : tutorialClient),
                    quoting,
                    downloader,
                    new Backoff(new Random(1)),
                    clock);
            Parts parts = calledBack ? made.calledBackAt(webhooks.url()) : made;
            run = new LocalRun(parts, clock);
            webhooks.handTo(run.receiver(parts));
        }

        /** Starts an execution as the command does: nobody else works on the batch. */
        Execution start(boolean retry) {
            return start(retry, true);
        }

        Execution start(boolean retry, boolean exclusive) {
            ObjectNode input = Json.mapper().createObjectNode();
            input.put("batchId", BATCH).put("configUri", "s3://local/" + CONFIG);
            input.put("retry", retry).put("exclusive", exclusive);
            return run.start(BATCH + "-" + executions++, input);
        }

        Ran join(Execution execution) throws IOException {
            ExecutionResult result = await(execution);
            JsonNode summary = run.summary()
                    .orElseThrow(() -> new AssertionError("the batch broke: " + result.error() + " " + result.cause()));
            return new Ran(result, summary, json("manifest.json"));
        }

        ExecutionResult await(Execution execution) {
            try {
                return execution.result().get(LONGEST_RUN.toSeconds(), TimeUnit.SECONDS);
            } catch (TimeoutException | ExecutionException e) {
                throw new AssertionError("the batch does not end: " + execution.history(), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }

        /** Stops it as Ctrl-C does; whether every step under way could finish. */
        boolean drain(Execution execution) {
            return run.drain(execution, LONGEST_RUN);
        }

        @Override
        public void close() {
            webhooks.close();
            run.close();
            client.close();
            tutorialClient.close();
            downloader.close();
            jobs.close();
            objects.close();
        }
    }

    /** A client for a server, as patient as the lab. */
    ProviderClient client(URI server, ProviderApi api) {
        ApiKey revealed = ApiKey.of(apiKey);
        return new ProviderClient(ProviderSettings.of(server, () -> revealed, api)
                .withTimeouts(Duration.ofSeconds(5), pollTimeout, pollTimeout.multipliedBy(2)));
    }

    /** An address where nobody listens, and nobody will as long as the lab is open. */
    URI nowhere() {
        return URI.create("http://127.0.0.1:" + deaf.getLocalPort() + "/api/v1");
    }

    /** A file of the batch as JSON. */
    JsonNode json(String path) throws IOException {
        return Json.mapper().readTree(Files.readAllBytes(folder.resolve(path)));
    }

    /** The files that people see, relative to the folder. */
    List<String> files() throws IOException {
        try (var walk = Files.walk(folder)) {
            return walk.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .filter(file -> !file.startsWith("."))
                    .sorted()
                    .toList();
        }
    }

    /**
     * Fails unless every success is on disk, with the digest that the manifest names, and is what the simulator served for
     * one of the job's predictions.
     */
    void assertStoredAsServed(Ran ran) throws IOException {
        for (JsonNode result : ran.results()) {
            if (!result.path("status").asText().equals("success")) {
                continue;
            }
            String path = result.path("path").asText();
            String stored = sha256(Files.readAllBytes(folder.resolve(path)));
            List<String> served = new ArrayList<>();
            result.path("predictions").forEach(id -> served.add(sha256(simulator.output(id.asText()))));
            assertThat(result.path("sha256").asText()).as("sha256 of %s", path).isEqualTo(stored);
            assertThat(served).as("what was served for %s", path).contains(stored);
        }
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        simulator.close();
        deaf.close();
    }

    /**
     * A batch that has run.
     *
     * @param summary what BuildManifest answered
     * @param manifest the file
     */
    record Ran(ExecutionResult execution, JsonNode summary, JsonNode manifest) {
        List<JsonNode> results() {
            return StreamSupport.stream(manifest.path("results").spliterator(), false)
                    .toList();
        }

        /** The job of that name. */
        JsonNode job(String name) {
            Optional<JsonNode> found = results().stream()
                    .filter(result -> result.path("name").asText().equals(name))
                    .findFirst();
            return found.orElseThrow(() -> new AssertionError("no job " + name + " in " + manifest));
        }
    }
}
