package io.reelbatch.cli.local;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.reelbatch.adapters.provider.Downloader;
import io.reelbatch.adapters.provider.ProviderClient;
import io.reelbatch.adapters.provider.ProviderSettings;
import io.reelbatch.cli.simulator.Ledger;
import io.reelbatch.cli.simulator.Simulator;
import io.reelbatch.cli.simulator.SimulatorSettings;
import io.reelbatch.domain.catalog.Catalog;
import io.reelbatch.domain.job.BatchSettings.ProviderApi;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.json.Json;
import io.reelbatch.domain.pace.Backoff;
import io.reelbatch.domain.provider.ApiKey;
import io.reelbatch.engine.Cancellable;
import io.reelbatch.engine.Engine;
import io.reelbatch.engine.Execution;
import io.reelbatch.engine.ExecutionResult;
import io.reelbatch.engine.LambdaFunction;
import io.reelbatch.engine.LambdaInvocation;
import io.reelbatch.engine.StateMachine;
import io.reelbatch.handlers.AwaitWebhook;
import io.reelbatch.handlers.BuildManifest;
import io.reelbatch.handlers.CheckJob;
import io.reelbatch.handlers.DownloadOutput;
import io.reelbatch.handlers.Parts;
import io.reelbatch.handlers.PlanBatch;
import io.reelbatch.handlers.ReceiveWebhook;
import io.reelbatch.handlers.RecordFailure;
import io.reelbatch.handlers.SubmitJob;
import io.reelbatch.handlers.TaskTokens;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Batches in virtual time: the deployed definition and handlers, the simulator over HTTP, SQLite; hours of waiting take
 * seconds. Outputs are not fetched unless that is asked for: a job ends once it is known to be generated.
 */
final class VirtualBatch implements AutoCloseable {
    private final VirtualTime time = new VirtualTime();
    private final Path home;
    private final Simulator simulator;
    private final ProviderClient client;
    private final Downloader downloader = new Downloader(Downloader.Settings.of(true));
    private final HttpClient courier = HttpClient.newHttpClient();
    private final Map<Integer, Instant> noticed = new TreeMap<>();
    private boolean calledBack;
    private boolean fetching;
    private boolean waitsBreak;

    /** @param home keeps what the account's batches share, and the batches */
    VirtualBatch(Path home, UnaryOperator<SimulatorSettings> settings) throws IOException {
        this.home = home;
        this.simulator = Simulator.start(settings.apply(
                SimulatorSettings.defaults().withSeed(1).withClock(time).withCourier(this::deliver)));
        this.client =
                new ProviderClient(ProviderSettings.of(simulator.baseUrl(), () -> ApiKey.of("key"), ProviderApi.ATLAS)
                        .withRealm(URI.create("simulator:virtual")));
    }

    /** Is called back by the provider. */
    VirtualBatch withWebhooks() {
        calledBack = true;
        return this;
    }

    /** Fetches and stores the outputs, which takes no time. */
    VirtualBatch withDownloads() {
        fetching = true;
        return this;
    }

    /** The function that keeps tokens fails whenever it is called. */
    VirtualBatch withBrokenWaits() {
        waitsBreak = true;
        return this;
    }

    /** A callback takes no time, and arrives before anything else happens. */
    private void deliver(Instant due, Supplier<List<HttpRequest>> requests) {
        Cancellable unused = time.scheduler()
                .schedule(
                        Duration.between(time.instant(), due),
                        () -> time.execute(() -> requests.get().forEach(this::send)));
    }

    private void send(HttpRequest request) {
        try {
            courier.send(request, BodyHandlers.discarding());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /**
     * A batch that has ended.
     *
     * @param jobs the records, in the config's order
     * @param noticed when each job's output was about to be fetched, by its index
     * @param makespan from its start to the end of the last job
     * @param transitions of the whole execution and its Map's children
     */
    record Ran(List<JobRecord> jobs, Map<Integer, Instant> noticed, Duration makespan, long transitions) {}

    Ledger ledger() {
        return simulator.ledger();
    }

    Ran run(String id, String yaml) throws IOException {
        Path folder = home.resolve(id);
        try (SqliteJobStore jobs =
                        new SqliteJobStore(folder.resolve(".reelbatch/jobs.db"), home.resolve("account.db"));
                FileObjectStore objects = new FileObjectStore(folder, id);
                WebhookServer webhooks = new WebhookServer(0);
                Engine engine = engine(parts(jobs, objects, webhooks), webhooks)) {
            ObjectNode input = Json.mapper().createObjectNode();
            input.put("batchId", id);
            input.set("config", new YAMLMapper().readTree(yaml));
            Instant begin = time.instant();
            Execution execution = engine.start(StateMachine.parse(definition()), id, input);
            ExecutionResult result = time.scheduler().await(execution.result());
            List<JobRecord> records = new ArrayList<>();
            jobs.forEachJob(id, records::add);
            return new Ran(records, Map.copyOf(noticed), Duration.between(begin, time.instant()), result.transitions());
        }
    }

    private Parts parts(SqliteJobStore jobs, FileObjectStore objects, WebhookServer webhooks) {
        Parts parts = new Parts(
                jobs,
                objects,
                "local",
                Catalog.shipped(),
                api -> client,
                false,
                downloader,
                new Backoff(new Random(1)),
                time);
        return calledBack ? parts.calledBackAt(webhooks.url()) : parts;
    }

    private Engine engine(Parts parts, WebhookServer webhooks) {
        AtomicReference<Engine> running = new AtomicReference<>();
        TaskTokens tokens = new EngineTokens(() -> Objects.requireNonNull(running.get()));
        LambdaFunction download = handler(new DownloadOutput(parts));
        Engine engine = Engine.builder()
                .scheduler(time.scheduler())
                .executor(time)
                .objects(new StoreObjects(parts.objects()))
                .task(LocalRun.PUT_EVENTS, LocalRun::noBus)
                .lambda("PlanBatch", handler(new PlanBatch(parts)))
                .lambda("SubmitJob", handler(new SubmitJob(parts)))
                .lambda("AwaitWebhook", waitsBreak ? VirtualBatch::broken : handler(new AwaitWebhook(parts, tokens)))
                .lambda("CheckJob", handler(new CheckJob(parts)))
                .lambda("RecordFailure", handler(new RecordFailure(parts)))
                .lambda("BuildManifest", handler(new BuildManifest(parts)))
                .lambda("DownloadOutput", (payload, invocation) -> {
                    noticed.put(payload.path("job").asInt(), time.instant());
                    return fetching
                            ? download.invoke(payload, invocation)
                            : Json.mapper().createObjectNode();
                })
                .build();
        running.set(engine);
        webhooks.handTo(new ReceiveWebhook(parts, tokens, Clock.systemUTC()));
        return engine;
    }

    private static JsonNode broken(JsonNode payload, LambdaInvocation invocation) {
        throw new IllegalStateException("broken on purpose");
    }

    private LambdaFunction handler(RequestStreamHandler handler) {
        return (payload, invocation) -> {
            Instant deadline = time.instant().plus(LocalRun.timeout(invocation.functionName()));
            LocalContext context = new LocalContext(invocation.functionName(), invocation.requestId(), deadline, time);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] in = Json.mapper().writeValueAsBytes(payload);
            handler.handleRequest(new ByteArrayInputStream(in), out, context);
            return Json.mapper().readTree(out.toByteArray());
        };
    }

    private static String definition() throws IOException {
        try (InputStream in = LocalRun.class.getResourceAsStream("/statemachine/batch.asl.json")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replaceAll("\\$\\{(\\w+)FunctionArn}", "$1");
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
        downloader.close();
        simulator.close();
        time.close();
    }
}
