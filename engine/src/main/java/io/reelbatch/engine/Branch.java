package io.reelbatch.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.engine.asl.Graph;
import io.reelbatch.engine.asl.Outcome;
import io.reelbatch.engine.asl.QueryException;
import io.reelbatch.engine.asl.Recovery;
import io.reelbatch.engine.asl.State;
import io.reelbatch.engine.asl.Template;
import io.reelbatch.engine.asl.Timestamps;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One way through a graph, from its first state to its end: an execution's own, or that of a Parallel's branch or a Map's
 * iteration. Every state is one step of its execution, and while a state
 * waits the branch lies still, without a thread.
 */
final class Branch {
    private final ExecutionRun run;
    private final Graph graph;
    private final Variables variables;
    private final @Nullable ObjectNode mapContext;
    private final Completion completion;
    private final boolean nested;
    private @Nullable Visit visit;
    private @Nullable Activity activity;
    private @Nullable Transition transition;
    private long lastEvent;
    private boolean over;

    /** Who wants to know how a branch ended. */
    interface Completion {
        /** It reached its end. */
        void succeeded(JsonNode output, long lastEvent);

        /** An error was not caught. */
        void failed(Failure failure, long lastEvent);
    }

    private record Transition(String state, JsonNode input) {}

    Branch(ExecutionRun run, Graph graph, Variables variables, @Nullable ObjectNode mapContext, Completion completion) {
        this.run = run;
        this.graph = graph;
        this.variables = variables;
        this.mapContext = mapContext;
        this.completion = completion;
        this.nested = !(completion instanceof ExecutionRun);
    }

    ExecutionRun run() {
        return run;
    }

    Variables variables() {
        return variables;
    }

    @Nullable
    ObjectNode mapContext() {
        return mapContext;
    }

    void start(JsonNode input, long previousEvent) {
        lastEvent = previousEvent;
        go(new Transition(graph.startAt(), input));
    }

    /** Stops where it is; nobody is told. */
    void cancel() {
        over = true;
        if (activity != null) {
            activity.cancel();
            activity = null;
        }
    }

    /** Stops because a sibling failed, and records what it was in the middle of. */
    void abort() {
        over = true;
        if (activity != null) {
            activity.abort();
            activity = null;
            if (visit != null) {
                recordAborted(visit.state);
            }
        }
    }

    /** Aborted states do not carry the chain of events on. */
    private void recordAborted(State state) {
        run.history().add(state.type() + "StateAborted", lastEvent);
    }

    /** Records an event that later ones do not follow from. */
    void recordAside(String type) {
        run.history().add(type, lastEvent);
    }

    long record(String type) {
        lastEvent = run.history().add(type, lastEvent);
        return lastEvent;
    }

    long record(String type, String name, ObjectNode details) {
        lastEvent = run.history().add(type, lastEvent, name, details);
        return lastEvent;
    }

    /** Goes on from an event that another branch of this execution recorded. */
    void continueFrom(long event) {
        lastEvent = event;
    }

    private void go(Transition to) {
        transition = to;
        run.inTurn(this::step);
    }

    private void step() {
        Transition next = transition;
        if (next != null && !over) {
            transition = null;
            enter(graph.state(next.state), next.input);
        }
    }

    private void enter(State state, JsonNode input) {
        if (run.history().size() >= History.LIMIT - 1) {
            run.fail(
                    Failure.of(
                            Failure.RUNTIME,
                            "The execution reached the maximum number of history events (" + History.LIMIT + ")."),
                    lastEvent);
            return;
        }
        run.countTransitions(1);
        ObjectNode details = Json.object();
        details.put("name", state.name());
        details.set("input", input);
        details.putObject("inputDetails").put("truncated", false);
        long entered = record(state.type() + "StateEntered", "stateEnteredEventDetails", details);
        visit = new Visit(
                run, variables, mapContext, state, input, run.core().scheduler().now(), entered);
        attempt(visit);
    }

    private void attempt(Visit visit) {
        try {
            begin(visit);
        } catch (QueryException e) {
            evaluationFailed(visit, e);
        } catch (RuntimeException | StackOverflowError e) {
            failed(visit, Failure.of(Failure.RUNTIME, prefix(visit) + e), "");
        }
    }

    private void begin(Visit visit) throws QueryException {
        State state = visit.state;
        if (state instanceof State.Pass pass) {
            finish(visit, pass.outcome(), visit.input);
        } else if (state instanceof State.Choice choice) {
            choose(visit, choice);
        } else if (state instanceof State.Wait wait) {
            await(visit, wait);
        } else if (state instanceof State.Succeed succeed) {
            finish(visit, succeed.outcome(), visit.input);
        } else if (state instanceof State.Fail fail) {
            fail(visit, fail);
        } else if (state instanceof State.Task task) {
            begin(new TaskAttempt(this, visit, task));
        } else if (state instanceof State.Parallel parallel) {
            begin(new ParallelRun(this, visit, parallel));
        } else if (state instanceof State.Map map) {
            begin(
                    map.distribution().isPresent()
                            ? new DistributedMapRun(this, visit, map)
                            : new MapRun(this, visit, map));
        }
    }

    private void begin(Work work) throws QueryException {
        activity = work;
        work.begin();
    }

    /** An activity that a state starts. */
    interface Work extends Activity {
        /** Starts it. */
        void begin() throws QueryException;
    }

    private void choose(Visit visit, State.Choice choice) throws QueryException {
        for (State.Rule rule : choice.rules()) {
            JsonNode condition = rule.condition().evaluate(visit);
            if (!condition.isBoolean()) {
                throw Values.unexpected(rule.condition(), "boolean", condition);
            }
            if (condition.booleanValue()) {
                finish(visit, rule.outcome(), visit.input);
                return;
            }
        }
        if (choice.defaultState().isPresent()) {
            finish(visit, choice.outcome(), visit.input);
        } else {
            failed(
                    visit,
                    Failure.of(
                            Failure.RUNTIME,
                            prefix(visit)
                                    + "Failed to transition out of the state. The state does not point to a next state."),
                    "");
        }
    }

    private void await(Visit visit, State.Wait wait) throws QueryException {
        Duration delay;
        if (wait.seconds().isPresent()) {
            delay = Duration.ofSeconds(Values.seconds(wait.seconds().get(), visit, "Seconds"));
        } else {
            Template template = wait.timestamp().orElseThrow();
            JsonNode value = template.evaluate(visit);
            Optional<Instant> until = value.isTextual() ? Timestamps.parse(value.textValue()) : Optional.empty();
            if (until.isEmpty()) {
                throw value.isTextual()
                        ? new QueryException(
                                "Timestamp",
                                "The Timestamp parameter does not reference a valid ISO-8601 extended offset date-time"
                                        + " format string: " + value.textValue())
                        : Values.unexpected(template, "string", value);
            }
            delay = Duration.between(run.core().scheduler().now(), until.get());
        }
        pause(delay, () -> finishOrFail(visit, wait.outcome(), visit.input));
    }

    private void pause(Duration delay, Runnable then) {
        boolean[] dropped = {false};
        Cancellable timer = run.core()
                .scheduler()
                .schedule(
                        delay,
                        () -> run.inTurn(() -> {
                            if (!dropped[0]) {
                                activity = null;
                                then.run();
                            }
                        }));
        activity = new Activity() {
            @Override
            public void cancel() {
                dropped[0] = true;
                timer.cancel();
            }
        };
    }

    private void fail(Visit visit, State.Fail fail) throws QueryException {
        String error = fail.error().isPresent() ? Values.text(fail.error().get(), visit) : "";
        Optional<String> cause =
                fail.cause().isPresent() ? Optional.of(Values.text(fail.cause().get(), visit)) : Optional.empty();
        end(visit, new Failure(error, cause, false), "");
    }

    /** The state's work is done. */
    void succeeded(Visit visit, Outcome outcome, JsonNode result) {
        activity = null;
        visit.result(result);
        finishOrFail(visit, outcome, result);
    }

    private void finishOrFail(Visit visit, Outcome outcome, JsonNode defaultOutput) {
        try {
            finish(visit, outcome, defaultOutput);
        } catch (QueryException e) {
            evaluationFailed(visit, e);
        }
    }

    private void finish(Visit visit, Outcome outcome, JsonNode defaultOutput) throws QueryException {
        Map<String, JsonNode> assigned = new LinkedHashMap<>();
        for (Map.Entry<String, Template> variable : outcome.assign().entrySet()) {
            assigned.put(variable.getKey(), variable.getValue().evaluate(visit));
        }
        JsonNode output = outcome.output().isPresent() ? outcome.output().get().evaluate(visit) : defaultOutput;
        if (Json.exceedsPayload(output) || assigned.values().stream().anyMatch(Json::exceedsPayload)) {
            failed(
                    visit,
                    Failure.of(
                            Failure.DATA_LIMIT,
                            "The state/task '" + visit.state.name()
                                    + "' returned a result with a size exceeding the maximum number of bytes service limit."),
                    "");
            return;
        }
        variables.assign(assigned);
        exit(visit, assigned, output);
        if (outcome.next().isPresent()) {
            go(new Transition(outcome.next().get(), output));
        } else {
            over = true;
            completion.succeeded(output, lastEvent);
        }
    }

    private void exit(Visit visit, Map<String, JsonNode> assigned, JsonNode output) {
        ObjectNode details = Json.object();
        details.put("name", visit.state.name());
        details.set("output", output);
        details.putObject("outputDetails").put("truncated", false);
        if (!assigned.isEmpty()) {
            ObjectNode variablesNode = details.putObject("assignedVariables");
            assigned.forEach((name, value) -> variablesNode.put(name, Json.text(value)));
            details.putObject("assignedVariablesDetails").put("truncated", false);
        }
        record(visit.state.type() + "StateExited", "stateExitedEventDetails", details);
    }

    /** An expression of the state failed. */
    void evaluationFailed(Visit visit, QueryException e) {
        failed(visit, recordEvaluationFailed(visit, e), "");
    }

    private Failure recordEvaluationFailed(Visit visit, QueryException e) {
        String cause = prefix(visit) + e.getMessage();
        ObjectNode details = Json.object();
        details.put("cause", cause);
        details.put("error", Failure.QUERY_EVALUATION);
        details.put("location", e.field());
        details.put("state", visit.state.name());
        record("EvaluationFailed", "evaluationFailedEventDetails", details);
        return Failure.of(Failure.QUERY_EVALUATION, cause);
    }

    static String prefix(Visit visit) {
        return "An error occurred while executing the state '" + visit.state.name() + "' (entered at the event id #"
                + visit.enteredEvent + "). ";
    }

    /**
     * The state failed: it is tried again, or caught, or its branch ends.
     *
     * @param event what is recorded if it is not tried again; nothing, if empty
     */
    void failed(Visit visit, Failure failure, String event) {
        if (activity != null) {
            activity.cancel();
            activity = null;
        }
        Recovery recovery = recovery(visit.state);
        if (retry(visit, failure, recovery.retriers())) {
            return;
        }
        if (!event.isEmpty()) {
            record(event);
        }
        for (Recovery.Catcher catcher : recovery.catchers()) {
            if (failure.matches(catcher.errorEquals())) {
                recover(visit, failure, catcher.outcome());
                return;
            }
        }
        end(visit, failure, nested ? "TaskStateAborted" : "");
    }

    private static Recovery recovery(State state) {
        if (state instanceof State.Task task) {
            return task.recovery();
        } else if (state instanceof State.Parallel parallel) {
            return parallel.recovery();
        } else if (state instanceof State.Map map) {
            return map.recovery();
        }
        return new Recovery(List.of(), List.of());
    }

    private boolean retry(Visit visit, Failure failure, List<Recovery.Retrier> retriers) {
        for (int i = 0; i < retriers.size(); i++) {
            Recovery.Retrier retrier = retriers.get(i);
            if (failure.matches(retrier.errorEquals())) {
                int attempt = visit.attempts(i);
                if (attempt >= retrier.maxAttempts()) {
                    return false;
                }
                double seconds = retrier.delay(attempt);
                if (retrier.fullJitter()) {
                    seconds *= run.core().random().nextDouble();
                }
                visit.retried(i);
                pause(Duration.ofNanos((long) (seconds * 1e9)), () -> {
                    run.countTransitions(1);
                    attempt(visit);
                });
                return true;
            }
        }
        return false;
    }

    private void recover(Visit visit, Failure failure, Outcome outcome) {
        ObjectNode errorOutput = Json.object();
        errorOutput.put("Error", failure.error());
        failure.cause().ifPresent(cause -> errorOutput.put("Cause", cause));
        visit.errorOutput(errorOutput);
        try {
            finish(visit, outcome, errorOutput);
        } catch (QueryException e) {
            end(visit, recordEvaluationFailed(visit, e), "");
        }
    }

    private void end(Visit visit, Failure failure, String aside) {
        over = true;
        if (failure.isFatal()) {
            run.fail(failure, lastEvent);
            return;
        }
        if (!aside.isEmpty() && visit.state instanceof State.Task) {
            recordAside(aside);
        }
        completion.failed(failure, lastEvent);
    }
}
