package io.reelbatch.cli.local;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.adapters.aws.DynamoDbJobStore;
import io.reelbatch.adapters.aws.S3ObjectStore;
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
import io.reelbatch.domain.store.JobStore;
import io.reelbatch.domain.store.ObjectStore;
import io.reelbatch.engine.Engine;
import io.reelbatch.engine.ExecutionResult;
import io.reelbatch.engine.LambdaInvocation;
import io.reelbatch.engine.StateMachine;
import io.reelbatch.engine.SystemScheduler;
import io.reelbatch.handlers.BuildManifest;
import io.reelbatch.handlers.CheckJob;
import io.reelbatch.handlers.DownloadOutput;
import io.reelbatch.handlers.Parts;
import io.reelbatch.handlers.PlanBatch;
import io.reelbatch.handlers.RecordFailure;
import io.reelbatch.handlers.SubmitJob;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Runs a definition over AWS stores as a deployed stack would: each function has clients of its own, whose calls are noted. The
 * provider is the simulator; all runs 200 times as fast.
 */
public final class DeployedRun implements AutoCloseable {
    private static final double SPEED = 200;

    private final Stack stack;
    private final ScaledClock clock = new ScaledClock(SPEED, Instant.EPOCH);
    private final Simulator simulator;
    private final ProviderClient provider;
    private final Downloader downloader = new Downloader(Downloader.Settings.of(true));
    private final ExecutorService workers = Executors.newCachedThreadPool();
    private final List<Runnable> open = new ArrayList<>();
    private final Map<String, CallRecorder> calls = new TreeMap<>();
    private final ObjectStore objects;
    private final Engine engine;

    /**
     * Where things are.
     *
     * @param environment as a user would set it: endpoints, credentials, region
     * @param definition with the functions' names or ARNs in it
     * @param functionArns name or ARN in the definition, by the handler's class
     */
    public record Stack(
            Map<String, String> environment,
            String table,
            String bucket,
            String definition,
            Map<String, String> functionArns) {

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

    /** @param settings of the simulator */
    public DeployedRun(Stack stack, UnaryOperator<SimulatorSettings> settings) throws IOException {
        this.stack = stack;
        simulator = Simulator.start(
                settings.apply(SimulatorSettings.defaults().withSeed(1).withClock(clock)));
        provider = new ProviderClient(
                ProviderSettings.of(simulator.baseUrl(), () -> ApiKey.of("rehearsed"), ProviderApi.ATLAS));
        objects = objects(new CallRecorder());
        SystemScheduler waits = scheduler(new SystemScheduler(clock, clock.speed()));
        SystemScheduler timeouts = scheduler(new SystemScheduler(Clock.systemUTC(), 1));
        Engine.Builder builder = Engine.builder()
                .scheduler(waits)
                .taskTimer(timeouts)
                .executor(workers)
                .objects(new StoreObjects(objects));
        handlers().forEach((name, make) -> {
            RequestStreamHandler handler = make.apply(parts(name));
            String arn = stack.functionArns().getOrDefault(name, name);
            builder.lambda(arn, (payload, invocation) -> invoke(name, handler, payload, invocation));
        });
        engine = builder.build();
    }

    private SystemScheduler scheduler(SystemScheduler scheduler) {
        open.add(scheduler::close);
        return scheduler;
    }

    private JobStore jobs(CallRecorder recorder) {
        JobStore store = new DynamoDbJobStore(stack.dynamoDb(recorder), stack.table());
        open.add(store::close);
        return store;
    }

    private ObjectStore objects(CallRecorder recorder) {
        ObjectStore store = new S3ObjectStore(stack.s3(recorder), stack.bucket());
        open.add(store::close);
        return store;
    }

    private static Map<String, Function<Parts, RequestStreamHandler>> handlers() {
        return Map.of(
                "PlanBatch", PlanBatch::new,
                "SubmitJob", SubmitJob::new,
                "CheckJob", CheckJob::new,
                "DownloadOutput", DownloadOutput::new,
                "RecordFailure", RecordFailure::new,
                "BuildManifest", BuildManifest::new);
    }

    private Parts parts(String function) {
        CallRecorder recorder = new CallRecorder();
        calls.put(function, recorder);
        return new Parts(
                jobs(recorder),
                objects(recorder),
                stack.bucket(),
                Catalog.shipped(),
                api -> provider,
                true,
                downloader,
                new Backoff(new Random(1)),
                clock);
    }

    /** A job whose name says so breaks the step that it names, as a defect would. */
    private JsonNode invoke(String name, RequestStreamHandler handler, JsonNode payload, LambdaInvocation invocation)
            throws IOException {
        if (payload.path("batchId").asText().equals("breaks-in-" + name)) {
            throw new IllegalStateException("broken on purpose");
        }
        LocalContext context = new LocalContext(
                name, invocation.requestId(), clock.instant().plus(clock.scaled(LocalRun.timeout(name))), clock);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        handler.handleRequest(new ByteArrayInputStream(Json.mapper().writeValueAsBytes(payload)), out, context);
        return Json.mapper().readTree(out.toByteArray());
    }

    /** Runs a batch to its end. */
    public ExecutionResult run(String batchId, JsonNode config) {
        ObjectNode input = Json.mapper().createObjectNode();
        input.set("config", config);
        return engine.start(StateMachine.parse(stack.definition()), batchId, input)
                .result()
                .join();
    }

    /** The bucket, for a test's own files. */
    public ObjectStore objects() {
        return objects;
    }

    /** What each function has called so far, by the name of its handler's class. */
    public Map<String, CallRecorder> calls() {
        return Map.copyOf(calls);
    }

    @Override
    public void close() throws IOException {
        engine.close();
        open.forEach(Runnable::run);
        workers.shutdown();
        provider.close();
        downloader.close();
        simulator.close();
    }
}
