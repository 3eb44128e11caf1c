package io.reelbatch.cli.local;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.domain.json.Json;
import io.reelbatch.engine.Engine;
import io.reelbatch.engine.Execution;
import io.reelbatch.engine.LambdaInvocation;
import io.reelbatch.engine.StateMachine;
import io.reelbatch.engine.SystemScheduler;
import io.reelbatch.engine.TaskRequest;
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
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * One execution of the deployed definition on this machine. Wait states and deadlines follow a clock that may run
 * faster than real time; time limits for real work do not.
 */
public final class LocalRun implements AutoCloseable {
    /** With which the definition puts word of a batch on EventBridge. */
    static final String PUT_EVENTS = "arn:aws:states:::events:putEvents";

    /** Steps block on HTTP and disk; more of them at once than this would only queue elsewhere. */
    private static final int MAX_THREADS = 64;
    /** Timeout of a function, as the template has it. */
    private static final Duration FUNCTION_TIMEOUT = Duration.ofSeconds(60);
    /** Timeout of the functions that work on whole batches or files. */
    private static final Duration LONG_FUNCTION_TIMEOUT = Duration.ofMinutes(15);

    private static final Set<String> LONG_FUNCTIONS = Set.of("PlanBatch", "DownloadOutput", "BuildManifest");

    private final ScaledClock clock;
    private final SystemScheduler waits;
    private final SystemScheduler timeouts;
    private final ThreadPoolExecutor workers;
    private final Engine engine;
    private final TaskTokens tokens = new EngineTokens(this::engine);
    private volatile Optional<JsonNode> summary = Optional.empty();

    public LocalRun(Parts parts, ScaledClock clock) {
        this.clock = clock;
        this.waits = new SystemScheduler(clock, clock.speed());
        this.timeouts = new SystemScheduler(Clock.systemUTC(), 1);
        this.workers = workers();
        Engine.Builder builder = Engine.builder()
                .scheduler(waits)
                .taskTimer(timeouts)
                .executor(workers)
                .objects(new StoreObjects(parts.objects()));
        builder.task(PUT_EVENTS, LocalRun::noBus);
        handlers(parts, tokens)
                .forEach((name, handler) ->
                        builder.lambda(name, (payload, invocation) -> invoke(handler, payload, invocation)));
        this.engine = builder.build();
    }

    /** There is no event bus on one machine, and nobody who listens. */
    static CompletionStage<JsonNode> noBus(TaskRequest request) {
        ObjectNode answer = Json.mapper().createObjectNode().put("FailedEntryCount", 0);
        answer.putArray("Entries");
        return CompletableFuture.completedFuture(answer);
    }

    private static ThreadPoolExecutor workers() {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                MAX_THREADS, MAX_THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "reelbatch-step");
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** The handler that receives the provider's callbacks, as events of an HTTP API. */
    public ReceiveWebhook receiver(Parts parts) {
        return new ReceiveWebhook(parts, tokens, Clock.systemUTC());
    }

    private Engine engine() {
        return engine;
    }

    private static Map<String, RequestStreamHandler> handlers(Parts parts, TaskTokens tokens) {
        Map<String, RequestStreamHandler> handlers = new LinkedHashMap<>();
        handlers.put("PlanBatch", new PlanBatch(parts));
        handlers.put("SubmitJob", new SubmitJob(parts));
        handlers.put("AwaitWebhook", new AwaitWebhook(parts, tokens));
        handlers.put("CheckJob", new CheckJob(parts));
        handlers.put("DownloadOutput", new DownloadOutput(parts));
        handlers.put("RecordFailure", new RecordFailure(parts));
        handlers.put("BuildManifest", new BuildManifest(parts));
        return handlers;
    }

    /** Runs a batch from its plan to its manifest; completes when the execution ends, however it ends. */
    public Execution start(String executionName, ObjectNode input) {
        return engine.start(StateMachine.parse(definition()), executionName, input);
    }

    /** The last result of BuildManifest; absent if the execution broke before it. */
    public Optional<JsonNode> summary() {
        return summary;
    }

    private JsonNode invoke(RequestStreamHandler handler, JsonNode payload, LambdaInvocation invocation)
            throws IOException {
        ObjectMapper mapper = Json.mapper();
        Duration timeout = clock.scaled(timeout(invocation.functionName()));
        LocalContext context = new LocalContext(
                invocation.functionName(),
                invocation.requestId(),
                clock.instant().plus(timeout),
                clock);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        handler.handleRequest(new ByteArrayInputStream(mapper.writeValueAsBytes(payload)), out, context);
        JsonNode answer = mapper.readTree(out.toByteArray());
        if (handler instanceof BuildManifest) {
            summary = Optional.of(answer);
        }
        return answer;
    }

    /** How long a function may run. */
    static Duration timeout(String functionName) {
        return LONG_FUNCTIONS.contains(functionName) ? LONG_FUNCTION_TIMEOUT : FUNCTION_TIMEOUT;
    }

    /** The deployed definition, with local names for the functions. */
    private static String definition() {
        try (InputStream in = LocalRun.class.getResourceAsStream("/statemachine/batch.asl.json")) {
            if (in == null) {
                throw new IllegalStateException("statemachine/batch.asl.json is not on the class path");
            }
            String template = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return template.replaceAll("\\$\\{(\\w+)FunctionArn}", "$1");
        } catch (IOException e) {
            throw new IllegalStateException("statemachine/batch.asl.json cannot be read", e);
        }
    }

    /** Stops starting steps and gives those under way time to write down what they learned. */
    public boolean drain(Execution execution, Duration patience) {
        execution.stop("Interrupted", "Stopped by the user.");
        waits.close();
        workers.shutdown();
        try {
            return workers.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        engine.close();
        waits.close();
        timeouts.close();
        workers.shutdown();
    }
}
