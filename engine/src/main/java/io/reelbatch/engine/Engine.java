package io.reelbatch.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/** Runs state machines. One engine runs any number of executions, and a waiting execution holds no thread. */
@SuppressWarnings("DoNotCallSuggester") // not implemented yet
public final class Engine implements AutoCloseable {
    private Engine() {}

    /** An engine in the making. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Starts an execution.
     *
     * @param name its name: 1 to 80 characters
     */
    public Execution start(StateMachine machine, String name, JsonNode input) {
        throw new UnsupportedOperationException(name + input);
    }

    /** Completes the task that waits for {@code token}; false if none does. */
    public boolean sendTaskSuccess(String token, JsonNode output) {
        throw new UnsupportedOperationException(token);
    }

    /** Fails the task that waits for {@code token}; false if none does. */
    public boolean sendTaskFailure(String token, String error, String cause) {
        throw new UnsupportedOperationException(token + error + cause);
    }

    /** Says that the work behind {@code token} goes on; false if no task waits for it. */
    public boolean sendTaskHeartbeat(String token) {
        throw new UnsupportedOperationException(token);
    }

    /** Stops every execution that still runs. */
    @Override
    public void close() {}

    /** Collects what an engine is made of. */
    public static final class Builder {
        private Builder() {}

        /** Where time comes from; required. */
        public Builder scheduler(Scheduler scheduler) {
            return this;
        }

        /**
         * Another scheduler for {@code TimeoutSeconds} and {@code HeartbeatSeconds} of Tasks, so that a caller whose Wait
         * states run faster does not shrink the time that real work may take.
         */
        public Builder taskTimer(Scheduler taskTimer) {
            return this;
        }

        /** A function for {@code lambda:invoke} and direct function ARNs, by name or ARN. */
        public Builder lambda(String functionNameOrArn, LambdaFunction function) {
            return this;
        }

        /** Where functions run; by default on the thread that reaches their Task. */
        public Builder executor(Executor executor) {
            return this;
        }

        /** The work behind another {@code Resource}. */
        public Builder task(String resource, TaskHandler handler) {
            return this;
        }

        /** The buckets of Distributed Maps. */
        public Builder objects(ObjectPort objects) {
            return this;
        }

        /** A state machine that {@code states:startExecution} can start. */
        public Builder machine(String arn, StateMachine machine) {
            return this;
        }

        /** Where finished histories go. */
        public Builder history(HistorySink sink) {
            return this;
        }

        /** Randomness for jitter, {@code $random()}, {@code $uuid()} and ids. */
        public Builder random(RandomGenerator random) {
            return this;
        }

        /** The engine. */
        public Engine build() {
            return new Engine();
        }
    }
}
