package io.reelbatch.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Invokes functions: as {@code lambda:invoke} does, and as a function's own ARN does. */
final class LambdaTasks implements TaskHandler {
    static final String KEY = "lambda";
    /** The longest that Lambda lets any function run. */
    private static final Duration LONGEST = Duration.ofMinutes(15);

    private static final int FRAMES = 8;
    private static final String FUNCTION = ":function:";

    private final Map<String, LambdaFunction> functions = new HashMap<>();
    private final Executor executor;
    private final Scheduler timer;
    private final Supplier<String> ids;

    LambdaTasks(Map<String, LambdaFunction> functions, Executor executor, Scheduler timer, Supplier<String> ids) {
        functions.forEach((name, function) -> {
            this.functions.put(name, function);
            this.functions.put(bareName(name), function);
        });
        this.executor = executor;
        this.timer = timer;
        this.ids = ids;
    }

    private static String bareName(String nameOrArn) {
        int start = nameOrArn.indexOf(FUNCTION);
        String name = start < 0 ? nameOrArn : nameOrArn.substring(start + FUNCTION.length());
        int qualifier = name.indexOf(':');
        return qualifier < 0 ? name : name.substring(0, qualifier);
    }

    boolean knows(String nameOrArn) {
        return function(nameOrArn) != null;
    }

    private @Nullable LambdaFunction function(String nameOrArn) {
        LambdaFunction exact = functions.get(nameOrArn);
        return exact == null ? functions.get(bareName(nameOrArn)) : exact;
    }

    @Override
    public CompletionStage<JsonNode> run(TaskRequest request) {
        boolean direct = request.resource().contains(FUNCTION);
        String name = direct
                ? request.resource()
                : request.arguments().path("FunctionName").asText();
        JsonNode payload = direct ? request.arguments() : request.arguments().path("Payload");
        LambdaFunction function = function(name);
        if (function == null) {
            return CompletableFuture.failedFuture(
                    new TaskFailedException("Lambda.ResourceNotFoundException", "Function not found: " + name));
        }
        CompletableFuture<JsonNode> answer = invoke(function, name, payload, request);
        if (direct) {
            return answer;
        }
        boolean event = request.arguments().path("InvocationType").asText().equals("Event");
        return event
                ? CompletableFuture.completedFuture(response(202, null))
                : answer.thenApply(result -> response(200, result));
    }

    private CompletableFuture<JsonNode> invoke(
            LambdaFunction function, String name, JsonNode payload, TaskRequest request) {
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        Duration longest =
                request.timeout().filter(limit -> limit.compareTo(LONGEST) < 0).orElse(LONGEST);
        Instant deadline = timer.now().plus(longest);
        String requestId = ids.get();
        JsonNode copy = payload.isMissingNode() ? Json.object() : payload.deepCopy();
        executor.execute(() -> {
            try {
                JsonNode result = function.invoke(copy, new LambdaInvocation(name, requestId, deadline));
                answer.complete(result == null ? NullNode.getInstance() : result);
            } catch (Throwable thrown) {
                answer.completeExceptionally(failure(thrown));
            }
        });
        if (!answer.isDone()) {
            Cancellable limit = timer.schedule(LONGEST, () -> answer.completeExceptionally(tooLong(requestId)));
            var unused = answer.whenComplete((result, error) -> limit.cancel());
        }
        return answer;
    }

    private static TaskFailedException failure(Throwable thrown) {
        if (thrown instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        return new TaskFailedException(thrown.getClass().getName(), Json.text(report(thrown, 0)));
    }

    private static ObjectNode report(Throwable thrown, int depth) {
        ObjectNode report = Json.object();
        if (thrown.getMessage() != null) {
            report.put("errorMessage", thrown.getMessage());
        }
        report.put("errorType", thrown.getClass().getName());
        ArrayNode frames = report.putArray("stackTrace");
        StackTraceElement[] trace = thrown.getStackTrace();
        for (int i = 0; i < Math.min(FRAMES, trace.length); i++) {
            frames.add(trace[i].toString());
        }
        if (thrown.getCause() != null && depth < FRAMES) {
            report.set("cause", report(thrown.getCause(), depth + 1));
        }
        return report;
    }

    private static TaskFailedException tooLong(String requestId) {
        ObjectNode report = Json.object();
        report.put("errorType", "Sandbox.Timedout");
        report.put("errorMessage", "RequestId: " + requestId + " Error: Task timed out after 900.00 seconds");
        return new TaskFailedException("Sandbox.Timedout", Json.text(report));
    }

    private JsonNode response(int status, @Nullable JsonNode payload) {
        ObjectNode response = Json.object();
        if (payload != null) {
            response.put("ExecutedVersion", "$LATEST");
            response.set("Payload", payload);
        }
        response.putObject("SdkHttpMetadata").put("HttpStatusCode", status);
        response.putObject("SdkResponseMetadata").put("RequestId", ids.get());
        response.put("StatusCode", status);
        return response;
    }
}
