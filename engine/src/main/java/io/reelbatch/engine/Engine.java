package io.reelbatch.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.reelbatch.engine.asl.Resource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Runs state machines. One engine runs any number of executions, and a waiting execution holds no thread. */
public final class Engine implements AutoCloseable {
    private static final Pattern NAME = Pattern.compile("[^\\s?*<>{}\\[\\]:;,\\\\|^~$#%&`\"/\\p{Cntrl}]{1,80}");
    private static final String DEFAULT_MACHINE = EngineCore.ARN_PREFIX + "stateMachine:StateMachine";

    private final EngineCore core;
    private final Map<StateMachine, String> arns = new HashMap<>();
    private final Map<String, ExecutionRun> executions = new ConcurrentHashMap<>();
    private final Set<String> ended = ConcurrentHashMap.newKeySet();

    private Engine(Builder builder) {
        Scheduler scheduler = Objects.requireNonNull(builder.scheduler, "an engine needs a scheduler");
        Scheduler taskTimer = builder.taskTimer == null ? scheduler : builder.taskTimer;
        Map<String, TaskHandler> handlers = new HashMap<>(builder.handlers);
        core = new EngineCore(
                scheduler,
                taskTimer,
                builder.executor,
                handlers,
                Optional.ofNullable(builder.anyTask),
                Optional.ofNullable(builder.objects),
                builder.sink,
                builder.random,
                builder.mapConcurrency,
                builder.strands);
        if (!builder.functions.isEmpty()) {
            handlers.put(LambdaTasks.KEY, new LambdaTasks(builder.functions, builder.executor, taskTimer, core::newId));
        }
        handlers.put(StartExecutionTasks.KEY, new StartExecutionTasks(builder.machines, this::start, core::newId));
        builder.machines.forEach((arn, machine) -> arns.put(machine, arn));
        builder.machines.values().forEach(this::refuseUnknownResources);
    }

    /** An engine in the making. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Starts an execution. A second start with the name and input of one that runs gives that one.
     *
     * @param name its name: 1 to 80 characters, no spaces or brackets
     * @throws IllegalArgumentException if the name is not one, or the input is larger than 256 KiB
     * @throws IllegalStateException if another execution has or had the name
     * @throws InvalidDefinitionException if a Task has a Resource that this engine does not know
     */
    public Execution start(StateMachine machine, String name, JsonNode input) {
        refuseUnknownResources(machine);
        return start(arns.getOrDefault(machine, DEFAULT_MACHINE), machine, name, input);
    }

    private Execution start(String machineArn, StateMachine machine, String name, JsonNode input) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("Invalid Name: '" + name + "'");
        }
        if (Json.exceedsPayload(input)) {
            throw new IllegalArgumentException("Invalid Input: it is larger than 256 KiB");
        }
        String machineName = machineArn.substring(machineArn.lastIndexOf(':') + 1);
        String arn = EngineCore.ARN_PREFIX + "execution:" + machineName + ":" + name;
        ExecutionRun run = new ExecutionRun(
                core, new ExecutionRun.Identity(arn, name, machineArn, machineName), machine.definition(), input, null);
        ExecutionRun other = executions.putIfAbsent(arn, run);
        if (other != null && !other.result().isDone() && other.input().equals(input)) {
            return new Execution(other);
        }
        if (other != null || ended.contains(arn)) {
            executions.remove(arn, run);
            throw new IllegalStateException("Execution Already Exists: '" + arn + "'");
        }
        run.whenEnded(result -> {
            ended.add(arn);
            executions.remove(arn);
        });
        Cancellable unused = core.scheduler().schedule(Duration.ZERO, run::start);
        return new Execution(run);
    }

    private void refuseUnknownResources(StateMachine machine) {
        List<Problem> problems = new ArrayList<>();
        machine.tasks().forEach(located -> {
            Resource resource = located.task().resource();
            if (core.handler(resource).isEmpty()) {
                problems.add(new Problem(located.path() + ".Resource", "nothing is registered for " + resource.arn()));
            }
        });
        if (!problems.isEmpty()) {
            throw new InvalidDefinitionException(problems);
        }
    }

    /** Completes the task that waits for {@code token}; false if none does. */
    public boolean sendTaskSuccess(String token, JsonNode output) {
        TaskAttempt task = core.tokens().get(token);
        if (task != null) {
            task.tokenSucceeded(output);
        }
        return task != null;
    }

    /** Fails the task that waits for {@code token}; false if none does. */
    public boolean sendTaskFailure(String token, String error, String cause) {
        TaskAttempt task = core.tokens().get(token);
        if (task != null) {
            task.tokenFailed(error, cause);
        }
        return task != null;
    }

    /** Says that the work behind {@code token} goes on; false if no task waits for it. */
    public boolean sendTaskHeartbeat(String token) {
        TaskAttempt task = core.tokens().get(token);
        if (task != null) {
            task.tokenBeat();
        }
        return task != null;
    }

    /** Stops every execution that still runs. */
    @Override
    public void close() {
        List.copyOf(executions.values()).forEach(ExecutionRun::stop);
    }

    /** Collects what an engine is made of. */
    public static final class Builder {
        private final Map<String, TaskHandler> handlers = new HashMap<>();
        private final Map<String, LambdaFunction> functions = new HashMap<>();
        private final Map<String, StateMachine> machines = new HashMap<>();
        private @Nullable Scheduler scheduler;
        private @Nullable Scheduler taskTimer;
        private @Nullable TaskHandler anyTask;
        private @Nullable ObjectPort objects;
        private Executor executor = Runnable::run;
        private HistorySink sink = history -> {};
        private RandomGenerator random = RandomGenerator.getDefault();
        private int mapConcurrency = Integer.MAX_VALUE;
        private Supplier<Strand> strands = Strand::new;

        private Builder() {}

        /** Where time comes from; required. */
        public Builder scheduler(Scheduler scheduler) {
            this.scheduler = scheduler;
            return this;
        }

        /**
         * Another scheduler for {@code TimeoutSeconds} and {@code HeartbeatSeconds} of Tasks, so that a caller whose Wait
         * states run faster does not shrink the time that real work may take. Tasks that wait for a token keep to the first.
         */
        public Builder taskTimer(Scheduler taskTimer) {
            this.taskTimer = taskTimer;
            return this;
        }

        /** A function for {@code lambda:invoke} and direct function ARNs, by name or ARN. */
        public Builder lambda(String functionNameOrArn, LambdaFunction function) {
            functions.put(functionNameOrArn, function);
            return this;
        }

        /** Where functions run and item files are read; by default on the thread that reaches their state. */
        public Builder executor(Executor executor) {
            this.executor = executor;
            return this;
        }

        /** The work behind another {@code Resource}, as it is written in definitions. */
        public Builder task(String resource, TaskHandler handler) {
            handlers.put(resource, handler);
            return this;
        }

        /** The work behind every Task, whatever its {@code Resource}: for mocks. */
        public Builder anyTask(TaskHandler handler) {
            this.anyTask = handler;
            return this;
        }

        /** The buckets of Distributed Maps. */
        public Builder objects(ObjectPort objects) {
            this.objects = objects;
            return this;
        }

        /** A state machine that {@code states:startExecution} can start. */
        public Builder machine(String arn, StateMachine machine) {
            machines.put(arn, machine);
            return this;
        }

        /** Where finished histories go. */
        public Builder history(HistorySink sink) {
            this.sink = sink;
            return this;
        }

        /** Randomness for jitter, {@code $random()}, {@code $uuid()} and ids. */
        public Builder random(RandomGenerator random) {
            this.random = random;
            return this;
        }

        /** The most items that any Map works on at once, whatever it says itself: 1 runs them one after the other. */
        public Builder mapConcurrency(int most) {
            if (most < 1) {
                throw new IllegalArgumentException("a Map works on at least 1 item at once, not " + most);
            }
            this.mapConcurrency = most;
            return this;
        }

        /** In which order the steps of an execution run that could run in any: for tests of just that. */
        Builder strands(Supplier<Strand> strands) {
            this.strands = strands;
            return this;
        }

        /**
         * The engine.
         *
         * @throws InvalidDefinitionException if a registered machine has a Resource that nothing is registered for
         */
        public Engine build() {
            return new Engine(this);
        }
    }
}
