package io.reelbatch.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.engine.asl.State;
import io.reelbatch.engine.jsonata.Scope;
import java.time.Instant;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One stay in a state, retries included, and what its expressions see. */
final class Visit implements Scope {
    private final ExecutionRun run;
    private final Variables variables;
    private final @Nullable ObjectNode mapContext;
    final State state;
    final JsonNode input;
    final Instant entered;
    final long enteredEvent;
    private int[] attempts = {};
    private int retries;
    private @Nullable JsonNode result;
    private @Nullable JsonNode errorOutput;
    private @Nullable String taskToken;
    private @Nullable ObjectNode states;

    Visit(
            ExecutionRun run,
            Variables variables,
            @Nullable ObjectNode mapContext,
            State state,
            JsonNode input,
            Instant entered,
            long enteredEvent) {
        this.run = run;
        this.variables = variables;
        this.mapContext = mapContext;
        this.state = state;
        this.input = input;
        this.entered = entered;
        this.enteredEvent = enteredEvent;
    }

    @Override
    public @Nullable JsonNode variable(String name) {
        return name.equals("states") ? states() : variables.get(name);
    }

    @Override
    public Instant now() {
        return run.core().scheduler().now();
    }

    @Override
    public RandomGenerator random() {
        return run.core().random();
    }

    /** The same, with {@code Map.Item} set for one item of this Map state. */
    Scope forItem(ObjectNode itemContext) {
        ObjectNode context = context(itemContext);
        ObjectNode itemStates = Json.object();
        itemStates.set("input", input);
        itemStates.set("context", context);
        Visit outer = this;
        return new Scope() {
            @Override
            public @Nullable JsonNode variable(String name) {
                return name.equals("states") ? itemStates : outer.variable(name);
            }

            @Override
            public Instant now() {
                return outer.now();
            }

            @Override
            public RandomGenerator random() {
                return outer.random();
            }
        };
    }

    private ObjectNode states() {
        if (states == null) {
            states = Json.object();
            states.set("input", input);
            states.set("context", context());
            if (result != null) {
                states.set("result", result);
            }
            if (errorOutput != null) {
                states.set("errorOutput", errorOutput);
            }
        }
        return states;
    }

    /** The Context object. */
    ObjectNode context() {
        return context(mapContext);
    }

    private ObjectNode context(@Nullable ObjectNode map) {
        ObjectNode context = run.contextObject();
        ObjectNode here = context.putObject("State");
        here.put("Name", state.name());
        here.put("EnteredTime", Json.timestamp(entered));
        if (state instanceof State.Task || state instanceof State.Parallel || state instanceof State.Map) {
            here.put("RetryCount", retries);
        }
        if (taskToken != null) {
            context.putObject("Task").put("Token", taskToken);
        }
        if (map != null) {
            context.set("Map", map);
        }
        return context;
    }

    void result(JsonNode value) {
        result = value;
        states = null;
    }

    void errorOutput(JsonNode value) {
        errorOutput = value;
        result = null;
        states = null;
    }

    void taskToken(String token) {
        taskToken = token;
        states = null;
    }

    /** How often retrier number {@code index} has been used. */
    int attempts(int index) {
        return index < attempts.length ? attempts[index] : 0;
    }

    /** Counts a retry by retrier number {@code index}. */
    void retried(int index) {
        if (index >= attempts.length) {
            attempts = Arrays.copyOf(attempts, index + 1);
        }
        attempts[index]++;
        retries++;
        result = null;
        taskToken = null;
        states = null;
    }
}
