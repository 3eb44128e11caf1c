package io.reelbatch.cli.local;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.adapters.aws.DynamoDbJobStore;
import io.reelbatch.adapters.aws.Executions;
import io.reelbatch.adapters.aws.NotificationQueue;
import io.reelbatch.adapters.aws.S3ObjectStore;
import io.reelbatch.adapters.aws.SecretKey;
import io.reelbatch.adapters.aws.SigningSecrets;
import io.reelbatch.adapters.provider.Downloader;
import io.reelbatch.adapters.provider.ProviderClient;
import io.reelbatch.adapters.provider.ProviderSettings;
import io.reelbatch.adapters.provider.Webhooks;
import io.reelbatch.cli.simulator.Simulator;
import io.reelbatch.cli.simulator.SimulatorSettings;
import io.reelbatch.domain.catalog.Catalog;
import io.reelbatch.domain.job.BatchSettings.ProviderApi;
import io.reelbatch.domain.json.Json;
import io.reelbatch.domain.pace.Backoff;
import io.reelbatch.domain.provider.ApiKey;
import io.reelbatch.domain.provider.KeySource;
import io.reelbatch.domain.store.JobStore;
import io.reelbatch.domain.store.ObjectStore;
import io.reelbatch.engine.Engine;
import io.reelbatch.engine.ExecutionResult;
import io.reelbatch.engine.LambdaInvocation;
import io.reelbatch.engine.StateMachine;
import io.reelbatch.engine.SystemScheduler;
import io.reelbatch.engine.TaskRequest;
import io.reelbatch.handlers.AwaitWebhook;
import io.reelbatch.handlers.BuildManifest;
import io.reelbatch.handlers.CheckJob;
import io.reelbatch.handlers.DownloadOutput;
import io.reelbatch.handlers.EventHandlers;
import io.reelbatch.handlers.Parts;
import io.reelbatch.handlers.PlanBatch;
import io.reelbatch.handlers.RecordFailure;
import io.reelbatch.handlers.SubmitJob;
import io.reelbatch.handlers.TaskTokens;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Runs a definition over AWS stores as a deployed stack would: each function has clients of its own, whose calls are noted. The
 * provider is the simulator; all runs 200 times as fast.
 */
public final class DeployedRun implements AutoCloseable {
    private static final double SPEED = 200;

    /** Those that ask the provider. */
    private static final Set<String> WITH_KEY = Set.of("SubmitJob", "CheckJob", "Reconcile");

    private static final List<String> FUNCTIONS = List.of(
            "PlanBatch",
            "SubmitJob",
            "AwaitWebhook",
            "CheckJob",
            "DownloadOutput",
            "RecordFailure",
            "BuildManifest",
            "StartBatch",
            "GetBatch",
            "ReceiveWebhook",
            "SendNotification",
            "Reconcile");

    /** URL of the queue of what is to be sent, for those who do not run in a stack. */
    public static final String NOTIFICATIONS = "https://sqs.us-east-1.amazonaws.com/123456789012/Notifications";

    /** URL of the queue of what could not be sent. */
    public static final String UNDELIVERED = "https://sqs.us-east-1.amazonaws.com/123456789012/Undelivered";

    private final Stack stack;
    private final ScaledClock clock = new ScaledClock(SPEED, Instant.EPOCH);
    private final Simulator simulator;
    private final Downloader downloader = new Downloader(Downloader.Settings.of(true));
    private final ExecutorService workers = Executors.newCachedThreadPool();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final Map<String, CallRecorder> calls = new TreeMap<>();
    private final Map<String, RequestStreamHandler> handlers = new TreeMap<>();
    private final ObjectStore objects;
    private final Engine engine;
    private final TaskTokens tokens = new EngineTokens(this::engine);
    private final Optional<WebhookServer> webhooks;
    private final List<JsonNode> events = new CopyOnWriteArrayList<>();

    /** Makes a function's handler, whose provider is at an address of this machine. */
    @FunctionalInterface
    public interface Handlers {
        RequestStreamHandler make(String function, URI provider) throws IOException;
    }

    /**
     * Where things are.
     *
     * @param environment as a user would set it: endpoints, credentials, region
     * @param definition with the functions' names or ARNs in it
     * @param functionArns name or ARN in the definition, by the handler's class
     * @param machineArn of the state machine that events start
     * @param secret name or ARN of the secret that holds the provider's key
     */
    public record Stack(
            Map<String, String> environment,
            String table,
            String bucket,
            String definition,
            Map<String, String> functionArns,
            String machineArn,
            String secret) {

        URI endpoint(String service) {
            String named = environment.get("AWS_ENDPOINT_URL_" + service);
            return URI.create(named == null ? environment.getOrDefault("AWS_ENDPOINT_URL", "") : named);
        }

        /** As a client wants them. */
        public StaticCredentialsProvider credentials() {
            return StaticCredentialsProvider.create(AwsBasicCredentials.create(
                    environment.getOrDefault("AWS_ACCESS_KEY_ID", "none"),
                    environment.getOrDefault("AWS_SECRET_ACCESS_KEY", "none")));
        }

        /** A client that notes its calls. */
        public DynamoDbClient dynamoDb(CallRecorder recorder) {
            return DynamoDbClient.builder()
                    .endpointOverride(endpoint("DYNAMODB"))
                    .credentialsProvider(credentials())
                    .region(Region.US_EAST_1)
                    .overrideConfiguration(settings -> settings.addExecutionInterceptor(recorder))
                    .build();
        }

        /** A client that notes its calls. */
        public SfnClient stepFunctions(CallRecorder recorder) {
            return SfnClient.builder()
                    .endpointOverride(endpoint("SFN"))
                    .credentialsProvider(credentials())
                    .region(Region.US_EAST_1)
                    .overrideConfiguration(settings -> settings.addExecutionInterceptor(recorder))
                    .build();
        }

        /** A client that notes its calls. */
        public SqsClient queues(CallRecorder recorder) {
            return SqsClient.builder()
                    .endpointOverride(endpoint("SQS"))
                    .credentialsProvider(credentials())
                    .region(Region.US_EAST_1)
                    .overrideConfiguration(settings -> settings.addExecutionInterceptor(recorder))
                    .build();
        }

        /** A client that notes its calls. */
        public SecretsManagerClient secretsManager(CallRecorder recorder) {
            return SecretsManagerClient.builder()
                    .endpointOverride(endpoint("SECRETS_MANAGER"))
                    .credentialsProvider(credentials())
                    .region(Region.US_EAST_1)
                    .overrideConfiguration(settings -> settings.addExecutionInterceptor(recorder))
                    .build();
        }

        /** A client that notes its calls. */
        public S3Client s3(CallRecorder recorder) {
            return S3Client.builder()
                    .endpointOverride(endpoint("S3"))
                    .credentialsProvider(credentials())
                    .region(Region.US_EAST_1)
                    .forcePathStyle(true)
                    .overrideConfiguration(settings -> settings.addExecutionInterceptor(recorder))
                    .build();
        }
    }

    /**
     * With the handlers of this class path.
     *
     * @param settings of the simulator
     */
    public DeployedRun(Stack stack, UnaryOperator<SimulatorSettings> settings) throws IOException {
        this(stack, settings, Optional.empty(), false);
    }

    /** With other handlers, whose calls are not noted. */
    public DeployedRun(Stack stack, UnaryOperator<SimulatorSettings> settings, Handlers handlers) throws IOException {
        this(stack, settings, Optional.of(handlers), false);
    }

    /** With the handlers of this class path, and a provider that calls back. */
    public static DeployedRun calledBack(Stack stack) throws IOException {
        return new DeployedRun(stack, settings -> settings, Optional.empty(), true);
    }

    private DeployedRun(
            Stack stack, UnaryOperator<SimulatorSettings> settings, Optional<Handlers> others, boolean calledBack)
            throws IOException {
        this.stack = stack;
        webhooks = calledBack ? Optional.of(opened(new WebhookServer(0))) : Optional.empty();
        simulator = opened(Simulator.start(
                settings.apply(SimulatorSettings.defaults().withSeed(1).withClock(clock))));
        opened(downloader);
        objects = objects(new CallRecorder());
        Engine.Builder builder = Engine.builder()
                .scheduler(opened(new SystemScheduler(clock, clock.speed())))
                .taskTimer(opened(new SystemScheduler(Clock.systemUTC(), 1)))
                .executor(workers)
                .task(LocalRun.PUT_EVENTS, this::onTheBus)
                .objects(new StoreObjects(objects));
        for (String name : FUNCTIONS) {
            RequestStreamHandler handler =
                    others.isPresent() ? others.get().make(name, simulator.baseUrl()) : handler(name);
            handlers.put(name, handler);
            builder.lambda(
                    stack.functionArns().getOrDefault(name, name),
                    (payload, invocation) -> invoke(name, payload, invocation));
        }
        engine = builder.build();
        webhooks.ifPresent(
                server -> server.handTo(Objects.requireNonNull(handlers.get("ReceiveWebhook")), reference -> true));
    }

    private CompletionStage<JsonNode> onTheBus(TaskRequest request) {
        request.arguments().path("Entries").forEach(events::add);
        return LocalRun.noBus(request);
    }

    private Engine engine() {
        return engine;
    }

    private <T extends AutoCloseable> T opened(T part) {
        open.add(part);
        return part;
    }

    private ObjectStore objects(CallRecorder recorder) {
        return opened(new S3ObjectStore(stack.s3(recorder), stack.bucket()));
    }

    private RequestStreamHandler handler(String name) {
        CallRecorder recorder = new CallRecorder();
        calls.put(name, recorder);
        Parts parts = parts(name, recorder);
        Executions executions = new Executions(opened(stack.stepFunctions(recorder)), stack.machineArn());
        return switch (name) {
            case "PlanBatch" -> new PlanBatch(parts);
            case "SubmitJob" -> new SubmitJob(parts);
            case "AwaitWebhook" -> new AwaitWebhook(parts, tokens);
            case "CheckJob" -> new CheckJob(parts);
            case "DownloadOutput" -> new DownloadOutput(parts);
            case "RecordFailure" -> new RecordFailure(parts);
            case "BuildManifest" -> new BuildManifest(parts);
            case "StartBatch" ->
                EventHandlers.startBatch(
                        parts, executions, opened(new S3ObjectStore(stack.s3(recorder), stack.bucket())));
            case "GetBatch" -> EventHandlers.getBatch(parts, executions);
            case "SendNotification" ->
                EventHandlers.sendNotification(
                        parts,
                        opened(new Webhooks(true, Clock.systemUTC())),
                        new SigningSecrets(opened(stack.secretsManager(recorder))),
                        queue(recorder));
            case "ReceiveWebhook" -> EventHandlers.receiveWebhook(parts, tokens);
            default -> EventHandlers.reconcile(parts, executions);
        };
    }

    private NotificationQueue queue(CallRecorder recorder) {
        return opened(new NotificationQueue(stack.queues(recorder), NOTIFICATIONS, UNDELIVERED));
    }

    private Parts parts(String function, CallRecorder recorder) {
        ProviderClient provider = opened(new ProviderClient(
                ProviderSettings.of(simulator.baseUrl(), key(function, recorder), ProviderApi.ATLAS)));
        JobStore store = opened(new DynamoDbJobStore(stack.dynamoDb(recorder), stack.table()));
        Parts parts = new Parts(
                        store,
                        objects(recorder),
                        stack.bucket(),
                        Catalog.shipped(),
                        api -> provider,
                        true,
                        downloader,
                        new Backoff(new Random(1)),
                        clock)
                .with(EventHandlers.outbox(store, queue(recorder), stack.bucket(), "reelbatch/reelbatch/"));
        return webhooks.map(server -> parts.calledBackAt(server.url())).orElse(parts);
    }

    private KeySource key(String function, CallRecorder recorder) {
        return WITH_KEY.contains(function)
                ? new SecretKey(opened(stack.secretsManager(recorder)), stack.secret())
                : new NoKey(function);
    }

    /** A function without the key must not ask the provider. */
    private record NoKey(String function) implements KeySource {
        @Override
        public ApiKey get() {
            throw new IllegalStateException(function + " has no key");
        }

        @Override
        public String account() {
            return SecretKey.STACK;
        }
    }

    /** A job whose name says so breaks the step that it names, as a defect would. */
    private JsonNode invoke(String name, JsonNode payload, LambdaInvocation invocation) throws IOException {
        if (payload.path("batchId").asText().equals("breaks-in-" + name)) {
            throw new IllegalStateException("broken on purpose");
        }
        return call(name, payload, invocation.requestId());
    }

    private JsonNode call(String name, JsonNode payload, String requestId) throws IOException {
        LocalContext context =
                new LocalContext(name, requestId, clock.instant().plus(clock.scaled(LocalRun.timeout(name))), clock);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Objects.requireNonNull(handlers.get(name), name)
                .handleRequest(new ByteArrayInputStream(Json.mapper().writeValueAsBytes(payload)), out, context);
        return Json.mapper().readTree(out.toByteArray());
    }

    /** Calls a function by itself, as an event or a state does. */
    public JsonNode call(String function, JsonNode event) throws IOException {
        return call(function, event, "by-itself");
    }

    /** Runs a batch to its end. */
    public ExecutionResult run(String batchId, JsonNode config) {
        ObjectNode input = Json.mapper().createObjectNode();
        input.set("config", config);
        return start(batchId, input);
    }

    /** Runs an execution to its end. */
    public ExecutionResult start(String name, ObjectNode input) {
        return engine.start(StateMachine.parse(stack.definition()), name, input)
                .result()
                .join();
    }

    /** The bucket, for a test's own files. */
    public ObjectStore objects() {
        return objects;
    }

    /** The time as the functions see it. */
    public Instant now() {
        return clock.instant();
    }

    /** What was put on the event bus so far. */
    public List<JsonNode> events() {
        return List.copyOf(events);
    }

    /** What each function has called so far, by the name of its handler's class. */
    public Map<String, CallRecorder> calls() {
        return Map.copyOf(calls);
    }

    @Override
    public void close() throws IOException {
        engine.close();
        workers.shutdown();
        for (AutoCloseable part : open) {
            try {
                part.close();
            } catch (Exception e) {
                throw new IOException("cannot close " + part, e);
            }
        }
    }
}
