package io.reelbatch.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.reelbatch.adapters.aws.DynamoDbJobStore;
import io.reelbatch.adapters.aws.Emulators;
import io.reelbatch.adapters.aws.S3ObjectStore;
import io.reelbatch.adapters.aws.TableSchema;
import io.reelbatch.adapters.aws.UsesDynamoDbLocal;
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
import io.reelbatch.engine.Cancellable;
import io.reelbatch.engine.Engine;
import io.reelbatch.engine.ExecutionResult;
import io.reelbatch.engine.LambdaFunction;
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
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * What AWS charges for a batch, counted: the deployed definition and handlers, DynamoDB Local, S3Proxy and the simulator, in
 * virtual time, in which a step takes none. No test of its own: {@code benchmarks/cost} runs it and prints what it found.
 */
@UsesDynamoDbLocal
class AwsCost {
    private static final int JOBS = Integer.getInteger("cost.jobs", 1000);
    /** As small as they can be: what is in them does not count, and the simulator has to draw them. */
    private static final Map<String, String> KINDS = Map.of(
            "images", "type: image, model: black-forest-labs/flux-2-pro/text-to-image, width: 64, height: 64",
            "videos", "type: video, model: bytedance/seedance-v1.5-pro/text-to-video, resolution: 480p, duration: 4");

    /** List prices of us-east-1, USD for a million; docs/performance.md has where they stand. */
    private static final BigDecimal TRANSITION = new BigDecimal("25");

    private static final BigDecimal REQUEST = new BigDecimal("0.20");
    private static final BigDecimal GB_SECOND = new BigDecimal("13.3334");
    private static final BigDecimal WRITE_UNIT = new BigDecimal("0.625");
    private static final BigDecimal READ_UNIT = new BigDecimal("0.125");
    private static final BigDecimal S3_WRITE = new BigDecimal("5");
    private static final BigDecimal S3_READ = new BigDecimal("0.4");
    private static final BigDecimal API_REQUEST = new BigDecimal("1");

    /** Seconds that a call is assumed to take; only a deployed stack can tell. */
    private static final Map<String, BigDecimal> ASSUMED = Map.of(
            "PlanBatch", new BigDecimal("20"),
            "SubmitJob", new BigDecimal("0.3"),
            "CheckJob", new BigDecimal("0.3"),
            "AwaitWebhook", new BigDecimal("0.3"),
            "ReceiveWebhook", new BigDecimal("0.3"),
            "DownloadOutput", new BigDecimal("3"),
            "RecordFailure", new BigDecimal("0.3"),
            "BuildManifest", new BigDecimal("20"));

    private final Emulators emulators;
    private final VirtualTime time = new VirtualTime();
    private final AwsUsage usage = new AwsUsage();
    private final String names = "cost-" + UUID.randomUUID();
    private final List<String> lines = new ArrayList<>();
    private final HttpClient courier = HttpClient.newHttpClient();
    private boolean calledBack;

    AwsCost(Emulators emulators) {
        this.emulators = emulators;
    }

    @Test
    void images() throws IOException {
        measure("images");
    }

    @Test
    void videos() throws IOException {
        measure("videos");
    }

    @Test
    void imagesCalledBack() throws IOException {
        calledBack = true;
        measure("images");
    }

    @Test
    void videosCalledBack() throws IOException {
        calledBack = true;
        measure("videos");
    }

    private void measure(String kind) throws IOException {
        DeployedRun.Stack stack = new DeployedRun.Stack(emulators.environment(), names, names, "", Map.of(), "", "");
        Simulator simulator = Simulator.start(
                SimulatorSettings.defaults().withSeed(1).withClock(time).withCourier(this::deliver));
        try (time;
                simulator;
                Downloader downloader = new Downloader(Downloader.Settings.of(true));
                ProviderClient provider = new ProviderClient(
                        ProviderSettings.of(simulator.baseUrl(), () -> ApiKey.of("cost"), ProviderApi.ATLAS));
                DynamoDbClient dynamoDb = dynamoDb(stack);
                S3Client s3 = s3(stack)) {
            create(stack);
            S3ObjectStore objects = new S3ObjectStore(s3, names);
            Parts parts = new Parts(
                    new DynamoDbJobStore(dynamoDb, names),
                    objects,
                    names,
                    Catalog.shipped(),
                    api -> provider,
                    true,
                    downloader,
                    new Backoff(new Random(1)),
                    time);
            long transitions = run(kind, parts);
            try (InputStream in = objects.read(new BatchFolder(kind).visible("manifest.json"))) {
                assertThat(Json.mapper().readTree(in).path("successful").asInt())
                        .isEqualTo(JOBS);
            }
            report(kind, transitions);
        }
    }

    private void create(DeployedRun.Stack stack) {
        try (DynamoDbClient dynamoDb = stack.dynamoDb(new CallRecorder());
                S3Client s3 = emulators.clients().s3()) {
            TableSchema.createIfMissing(dynamoDb, names);
            S3ObjectStore.createIfMissing(s3, names);
        }
    }

    private DynamoDbClient dynamoDb(DeployedRun.Stack stack) {
        return DynamoDbClient.builder()
                .endpointOverride(stack.endpoint("DYNAMODB"))
                .credentialsProvider(stack.credentials())
                .region(Region.US_EAST_1)
                .overrideConfiguration(settings -> settings.addExecutionInterceptor(usage))
                .build();
    }

    private S3Client s3(DeployedRun.Stack stack) {
        return S3Client.builder()
                .endpointOverride(stack.endpoint("S3"))
                .credentialsProvider(stack.credentials())
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .overrideConfiguration(settings -> settings.addExecutionInterceptor(usage))
                .build();
    }

    private static Map<String, RequestStreamHandler> handlers(Parts parts, TaskTokens tokens) {
        return Map.of(
                "PlanBatch", new PlanBatch(parts),
                "SubmitJob", new SubmitJob(parts),
                "AwaitWebhook", new AwaitWebhook(parts, tokens),
                "CheckJob", new CheckJob(parts),
                "DownloadOutput", new DownloadOutput(parts),
                "RecordFailure", new RecordFailure(parts),
                "BuildManifest", new BuildManifest(parts));
    }

    /** A callback takes no time, and arrives before anything else happens. */
    private void deliver(Instant due, Supplier<List<HttpRequest>> requests) {
        Cancellable unused = time.scheduler()
                .schedule(
                        Duration.between(time.instant(), due),
                        () -> time.execute(() -> requests.get().forEach(this::send)));
    }

    private void send(HttpRequest request) {
        usage.add("ReceiveWebhook", BigDecimal.ONE);
        try {
            courier.send(request, BodyHandlers.discarding());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** How many transitions it took. */
    private long run(String kind, Parts polled) throws IOException {
        AtomicReference<Engine> running = new AtomicReference<>();
        TaskTokens tokens = new EngineTokens(() -> Objects.requireNonNull(running.get()));
        try (WebhookServer webhooks = new WebhookServer(0)) {
            Parts parts = calledBack ? polled.calledBackAt(webhooks.url()) : polled;
            webhooks.handTo(new ReceiveWebhook(parts, tokens, Clock.systemUTC()));
            Engine.Builder builder = Engine.builder()
                    .scheduler(time.scheduler())
                    .executor(time)
                    .objects(new StoreObjects(parts.objects()))
                    .task(LocalRun.PUT_EVENTS, LocalRun::noBus);
            handlers(parts, tokens).forEach((name, handler) -> builder.lambda(name, counted(name, handler)));
            try (Engine engine = builder.build()) {
                running.set(engine);
                ObjectNode input = Json.mapper().createObjectNode();
                input.set("config", config(kind));
                ExecutionResult result = time.scheduler()
                        .await(engine.start(StateMachine.parse(definition()), kind, input)
                                .result());
                assertThat(result.status()).isEqualTo(ExecutionResult.Status.SUCCEEDED);
                return result.transitions();
            }
        }
    }

    private LambdaFunction counted(String name, RequestStreamHandler handler) {
        return (payload, invocation) -> {
            usage.add(name, BigDecimal.ONE);
            LocalContext context = new LocalContext(
                    name, invocation.requestId(), time.instant().plus(LocalRun.timeout(name)), time);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            handler.handleRequest(new ByteArrayInputStream(Json.mapper().writeValueAsBytes(payload)), out, context);
            return Json.mapper().readTree(out.toByteArray());
        };
    }

    private static String definition() throws IOException {
        return Files.readString(Path.of("../statemachine/batch.asl.json")).replaceAll("\\$\\{(\\w+)FunctionArn}", "$1");
    }

    private static JsonNode config(String kind) throws IOException {
        StringBuilder config = new StringBuilder("max_workers: 50\njobs:\n");
        for (int i = 0; i < JOBS; i++) {
            config.append("- {name: Job ")
                    .append(i)
                    .append(", prompt: A paper boat number ")
                    .append(i);
            config.append(" on a calm lake, ").append(KINDS.get(kind)).append("}\n");
        }
        return new YAMLMapper().readTree(config.toString());
    }

    private void report(String kind, long transitions) throws IOException {
        BigDecimal sum = row("Step Functions state transitions", BigDecimal.valueOf(transitions), TRANSITION);
        BigDecimal requests = BigDecimal.ZERO;
        BigDecimal gbSeconds = BigDecimal.ZERO;
        for (String name : ASSUMED.keySet().stream().sorted().toList()) {
            BigDecimal calls = usage.count(name);
            lines.add("(" + name + ": " + calls + " calls)");
            requests = requests.add(calls);
            gbSeconds = gbSeconds.add(
                    calls.multiply(ASSUMED.getOrDefault(name, BigDecimal.ZERO)).multiply(gb(name)));
        }
        sum = sum.add(row("Lambda requests", requests, REQUEST));
        sum = sum.add(row("Lambda GB-seconds, durations assumed", gbSeconds, GB_SECOND));
        sum = sum.add(row(AwsUsage.WRITE_UNITS, usage.count(AwsUsage.WRITE_UNITS), WRITE_UNIT));
        sum = sum.add(row(AwsUsage.READ_UNITS, usage.count(AwsUsage.READ_UNITS), READ_UNIT));
        sum = sum.add(row(AwsUsage.S3_WRITES, usage.count(AwsUsage.S3_WRITES), S3_WRITE));
        sum = sum.add(row(AwsUsage.S3_READS, usage.count(AwsUsage.S3_READS), S3_READ));
        sum = sum.add(row("HTTP API requests", usage.count("ReceiveWebhook"), API_REQUEST));
        lines.add("| together | | | " + sum.setScale(3, RoundingMode.HALF_UP) + " |");
        String what = kind + (calledBack ? "-called-back" : "");
        lines.add(0, "\n" + JOBS + " " + what + "\n");
        Files.write(Path.of("target", "aws-cost-" + what + ".txt"), lines);
    }

    private BigDecimal row(String what, BigDecimal count, BigDecimal usdAMillion) {
        BigDecimal usd = count.multiply(usdAMillion).movePointLeft(6).setScale(4, RoundingMode.HALF_UP);
        lines.add(String.format(Locale.ROOT, "| %s | %,.0f | $%s a million | %s |", what, count, usdAMillion, usd));
        return usd;
    }

    /** Memory of a function as the template has it. */
    private static BigDecimal gb(String name) throws IOException {
        Matcher memory = Pattern.compile("(?s)  " + name + "Function:.*?MemorySize: (\\d+)")
                .matcher(Files.readString(Path.of("../template.yaml")));
        assertThat(memory.find()).as(name).isTrue();
        return new BigDecimal(memory.group(1)).divide(new BigDecimal(1024));
    }
}
