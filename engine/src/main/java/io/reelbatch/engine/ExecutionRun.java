package io.reelbatch.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.engine.ExecutionResult.Status;
import io.reelbatch.engine.asl.Definition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One execution at work: its history, its strand, its end. */
final class ExecutionRun implements Branch.Completion {
    private final EngineCore core;
    private final Identity identity;
    private final JsonNode input;
    private final Strand strand;
    private final History history;
    private final Instant startTime;
    private final Branch root;
    private final Optional<Duration> timeout;
    private final AtomicLong transitions = new AtomicLong();
    private final CompletableFuture<ExecutionResult> result = new CompletableFuture<>();
    private @Nullable Cancellable timer;
    private @Nullable Instant stopTime;
    private boolean running = true;

    /** What an execution is called. */
    record Identity(String arn, String name, String machineArn, String machineName) {}

    ExecutionRun(
            EngineCore core,
            Identity identity,
            Definition definition,
            JsonNode input,
            @Nullable ObjectNode mapContext) {
        this.core = core;
        this.identity = identity;
        this.input = input;
        this.timeout = definition.timeout();
        this.strand = core.newStrand();
        this.history = new History(identity.arn(), core.scheduler(), core.sink());
        this.startTime = core.scheduler().now();
        this.root = new Branch(this, definition.graph(), new Variables(null), mapContext, this);
    }

    EngineCore core() {
        return core;
    }

    Identity identity() {
        return identity;
    }

    JsonNode input() {
        return input;
    }

    Instant startTime() {
        return startTime;
    }

    /** When it ended; now, if it runs. */
    Instant stopTime() {
        return stopTime == null ? core.scheduler().now() : stopTime;
    }

    History history() {
        return history;
    }

    CompletableFuture<ExecutionResult> result() {
        return result;
    }

    /** Has {@code action} done once the execution has ended. */
    void whenEnded(Consumer<ExecutionResult> action) {
        var unused = result.thenAccept(action);
    }

    List<HistoryEvent> events() {
        return history.snapshot();
    }

    /** Runs a step of this execution, in turn. */
    void inTurn(Runnable step) {
        strand.run(() -> {
            if (running) {
                step.run();
            }
        });
    }

    boolean isRunning() {
        return running;
    }

    void countTransitions(long more) {
        transitions.addAndGet(more);
    }

    long transitions() {
        return transitions.get();
    }

    void start() {
        inTurn(this::begin);
    }

    private void begin() {
        ObjectNode details = Json.object();
        details.set("input", input);
        details.putObject("inputDetails").put("truncated", false);
        details.put("roleArn", EngineCore.ROLE);
        history.add("ExecutionStarted", 0, "executionStartedEventDetails", details);
        timeout.ifPresent(limit -> timer = core.scheduler().schedule(limit, () -> inTurn(this::timeOut)));
        root.start(input, 0);
    }

    /** Execution and StateMachine of the Context object. */
    ObjectNode contextObject() {
        ObjectNode context = Json.object();
        ObjectNode execution = context.putObject("Execution");
        execution.put("Id", identity.arn());
        execution.set("Input", input);
        execution.put("StartTime", Json.timestamp(startTime));
        execution.put("Name", identity.name());
        execution.put("RoleArn", EngineCore.ROLE);
        execution.put("RedriveCount", 0);
        ObjectNode machine = context.putObject("StateMachine");
        machine.put("Id", identity.machineArn());
        machine.put("Name", identity.machineName());
        return context;
    }

    @Override
    public void succeeded(JsonNode output, long lastEvent) {
        ObjectNode details = Json.object();
        details.set("output", output);
        details.putObject("outputDetails").put("truncated", false);
        history.add("ExecutionSucceeded", lastEvent, "executionSucceededEventDetails", details);
        finish(Status.SUCCEEDED, Optional.of(output), Optional.empty(), Optional.empty());
    }

    @Override
    public void failed(Failure failure, long lastEvent) {
        history.add("ExecutionFailed", lastEvent, "executionFailedEventDetails", details(failure));
        finish(
                Status.FAILED,
                Optional.empty(),
                Optional.of(failure.error()).filter(error -> !error.isEmpty()),
                failure.cause());
    }

    static ObjectNode details(Failure failure) {
        ObjectNode details = Json.object();
        if (!failure.error().isEmpty()) {
            details.put("error", failure.error());
        }
        failure.cause().ifPresent(cause -> details.put("cause", cause));
        return details;
    }

    /** Ends the execution at once, without a way to catch it. */
    void fail(Failure failure, long lastEvent) {
        root.cancel();
        failed(failure, lastEvent);
    }

    /** Stops it in its turn, as a parent does with a child. */
    void stop() {
        inTurn(() -> abort(Optional.empty(), Optional.empty()));
    }

    void abort(Optional<String> error, Optional<String> cause) {
        root.cancel();
        ObjectNode details = Json.object();
        error.ifPresent(text -> details.put("error", text));
        cause.ifPresent(text -> details.put("cause", text));
        history.add("ExecutionAborted", 0, "executionAbortedEventDetails", details);
        finish(Status.ABORTED, Optional.empty(), error, cause);
    }

    private void timeOut() {
        root.cancel();
        history.add(
                "ExecutionTimedOut",
                0,
                "executionTimedOutEventDetails",
                Json.object().put("error", Failure.TIMEOUT));
        finish(Status.TIMED_OUT, Optional.empty(), Optional.empty(), Optional.empty());
    }

    private void finish(Status status, Optional<JsonNode> output, Optional<String> error, Optional<String> cause) {
        running = false;
        stopTime = core.scheduler().now();
        if (timer != null) {
            timer.cancel();
        }
        ExecutionResult ended = new ExecutionResult(status, output, error, cause, transitions.get());
        try {
            core.sink().finished(new ExecutionHistory(identity.arn(), ended, history.snapshot()));
        } finally {
            result.complete(ended);
        }
    }
}
