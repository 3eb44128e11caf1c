package io.reelbatch.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.engine.asl.QueryException;
import io.reelbatch.engine.asl.Resource;
import io.reelbatch.engine.asl.State;
import io.reelbatch.engine.asl.Template;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One attempt at a Task, from Scheduled to Succeeded, Failed or TimedOut. */
final class TaskAttempt implements Branch.Work {
    private final Branch branch;
    private final Visit visit;
    private final State.Task task;
    private final EngineCore core;
    private final List<Cancellable> timers = new ArrayList<>();
    private Optional<Duration> heartbeat = Optional.empty();
    private @Nullable Cancellable heartbeatTimer;
    private @Nullable String token;
    private @Nullable CompletionStage<JsonNode> work;
    private boolean submitted;
    private boolean over;

    TaskAttempt(Branch branch, Visit visit, State.Task task) {
        this.branch = branch;
        this.visit = visit;
        this.task = task;
        this.core = branch.run().core();
    }

    @Override
    public void begin() throws QueryException {
        boolean waits = task.resource().pattern() == Resource.Pattern.WAIT_FOR_TASK_TOKEN;
        if (waits) {
            token = core.newId();
            visit.taskToken(token);
        }
        Optional<Template> template = task.arguments();
        JsonNode arguments = template.isPresent() ? template.get().evaluate(visit) : visit.input;
        Optional<Duration> timeout = seconds(task.timeout(), "TimeoutSeconds");
        heartbeat = seconds(task.heartbeat(), "HeartbeatSeconds");
        recordScheduled(arguments, timeout);
        recordStarted();
        timeout.ifPresent(limit -> timers.add(timer().schedule(limit, () -> inTurn(() -> timedOut(false)))));
        if (token != null) {
            core.tokens().put(token, this);
            restartHeartbeat();
        }
        run(new TaskRequest(
                task.resource().arn(), task.name(), arguments, Optional.ofNullable(token), timeout, visit.context()));
    }

    private Optional<Duration> seconds(Optional<Template> template, String field) throws QueryException {
        if (template.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofSeconds(Values.seconds(template.get(), visit, field)));
    }

    /** Who waits for a token does no work that takes its time. */
    private Scheduler timer() {
        return token == null ? core.taskTimer() : core.scheduler();
    }

    private void run(TaskRequest request) {
        Optional<TaskHandler> handler = core.handler(task.resource());
        if (handler.isEmpty()) {
            failed(Failure.of(Failure.RUNTIME, "Nothing runs the resource " + request.resource()));
            return;
        }
        try {
            work = handler.get().run(request);
        } catch (RuntimeException | Error e) {
            work = CompletableFuture.failedFuture(e);
        }
        var unused = work.whenComplete((result, error) -> inTurn(() -> answered(result, error)));
    }

    private void inTurn(Runnable step) {
        branch.run().inTurn(() -> {
            if (!over) {
                step.run();
            }
        });
    }

    private void answered(@Nullable JsonNode result, @Nullable Throwable error) {
        if (error != null) {
            failed(failure(error));
        } else if (token == null) {
            succeeded(result == null ? NullNode.getInstance() : result);
        } else {
            recordSubmitted(result == null ? Json.object() : result);
        }
    }

    private static Failure failure(Throwable thrown) {
        Throwable error = thrown;
        while (error instanceof CompletionException && error.getCause() != null) {
            error = error.getCause();
        }
        if (error instanceof TaskFailedException failed) {
            return Failure.of(failed.error(), failed.cause());
        }
        return Failure.of(error.getClass().getName(), String.valueOf(error.getMessage()));
    }

    /** SendTaskSuccess. */
    void tokenSucceeded(JsonNode output) {
        inTurn(() -> succeeded(output));
    }

    /** SendTaskFailure. */
    void tokenFailed(String error, String cause) {
        inTurn(() -> {
            ensureSubmitted();
            failed(Failure.of(error, cause));
        });
    }

    /** SendTaskHeartbeat. */
    void tokenBeat() {
        inTurn(this::restartHeartbeat);
    }

    private void restartHeartbeat() {
        if (heartbeatTimer != null) {
            heartbeatTimer.cancel();
        }
        heartbeat.ifPresent(limit -> heartbeatTimer = timer().schedule(limit, () -> inTurn(() -> timedOut(true))));
    }

    private void succeeded(JsonNode result) {
        ensureSubmitted();
        if (Json.exceedsPayload(result)) {
            String what = isFunction() ? task.resource().arn() : task.resource().service();
            failed(Failure.of(
                    Failure.DATA_LIMIT,
                    "The state/task '" + what
                            + "' returned a result with a size exceeding the maximum number of bytes service limit."));
            return;
        }
        over();
        ObjectNode details = details();
        details.set("output", result);
        details.putObject("outputDetails").put("truncated", false);
        record("Succeeded", details);
        branch.succeeded(visit, task.outcome(), result);
    }

    private void failed(Failure failure) {
        over();
        ObjectNode details = details();
        details.setAll(ExecutionRun.details(failure));
        record("Failed", details);
        branch.failed(visit, failure, "");
    }

    private void timedOut(boolean heartbeatMissed) {
        over();
        stop();
        Failure failure = Failure.timeout(heartbeatMissed);
        ObjectNode details = details();
        details.put("error", Failure.TIMEOUT);
        record("TimedOut", details);
        branch.failed(visit, failure, "");
    }

    @Override
    public void cancel() {
        if (!over) {
            over();
            stop();
        }
    }

    private void stop() {
        if (work instanceof CompletableFuture<?> future) {
            future.cancel(true);
        }
    }

    private void over() {
        over = true;
        timers.forEach(Cancellable::cancel);
        if (heartbeatTimer != null) {
            heartbeatTimer.cancel();
        }
        if (token != null) {
            core.tokens().remove(token);
        }
    }

    private boolean isFunction() {
        return task.resource().pattern() == Resource.Pattern.FUNCTION;
    }

    private ObjectNode details() {
        ObjectNode details = Json.object();
        if (!isFunction()) {
            details.put("resourceType", task.resource().service());
            details.put("resource", task.resource().fullAction());
        }
        return details;
    }

    private void record(String what, ObjectNode details) {
        if (isFunction()) {
            branch.record("LambdaFunction" + what, "lambdaFunction" + what + "EventDetails", details);
        } else {
            branch.record("Task" + what, "task" + what + "EventDetails", details);
        }
    }

    private void recordScheduled(JsonNode arguments, Optional<Duration> timeout) {
        ObjectNode details = details();
        if (isFunction()) {
            details.put("resource", task.resource().arn());
            details.set("input", arguments);
            details.putObject("inputDetails").put("truncated", false);
        } else {
            details.put("region", EngineCore.REGION);
            details.set("parameters", arguments);
        }
        timeout.ifPresent(limit -> details.put("timeoutInSeconds", limit.toSeconds()));
        heartbeat.ifPresent(limit -> details.put("heartbeatInSeconds", limit.toSeconds()));
        record("Scheduled", details);
    }

    private void recordStarted() {
        if (isFunction()) {
            branch.record("LambdaFunctionStarted");
        } else {
            record("Started", details());
        }
    }

    /** A task that waits for a job or a token was submitted before it can have ended. */
    private void ensureSubmitted() {
        Resource.Pattern pattern = task.resource().pattern();
        boolean waits = token != null || pattern == Resource.Pattern.SYNC || pattern == Resource.Pattern.SYNC_2;
        if (waits && !submitted) {
            recordSubmitted(Json.object());
        }
    }

    private void recordSubmitted(JsonNode answer) {
        if (submitted) {
            return;
        }
        submitted = true;
        ObjectNode details = details();
        details.set("output", answer);
        details.putObject("outputDetails").put("truncated", false);
        record("Submitted", details);
    }
}
