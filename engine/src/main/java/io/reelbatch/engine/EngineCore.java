package io.reelbatch.engine;

import io.reelbatch.engine.asl.Resource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** What the executions of one engine share. */
final class EngineCore {
    static final String ARN_PREFIX = "arn:aws:states:us-east-1:123456789012:";
    static final String REGION = "us-east-1";
    static final String ROLE = "arn:aws:iam::123456789012:role/StepFunctionsRole";

    private final Scheduler scheduler;
    private final Scheduler taskTimer;
    private final Executor executor;
    private final Map<String, TaskHandler> handlers;
    private final Optional<TaskHandler> anyTask;
    private final Optional<ObjectPort> objects;
    private final HistorySink sink;
    private final RandomGenerator random;
    private final int mapConcurrencyLimit;
    private final Supplier<Strand> strands;
    private final Map<String, TaskAttempt> tokens = new ConcurrentHashMap<>();

    EngineCore(
            Scheduler scheduler,
            Scheduler taskTimer,
            Executor executor,
            Map<String, TaskHandler> handlers,
            Optional<TaskHandler> anyTask,
            Optional<ObjectPort> objects,
            HistorySink sink,
            RandomGenerator random,
            int mapConcurrencyLimit,
            Supplier<Strand> strands) {
        this.scheduler = scheduler;
        this.taskTimer = taskTimer;
        this.executor = executor;
        this.handlers = handlers;
        this.anyTask = anyTask;
        this.objects = objects;
        this.sink = sink;
        this.random = new SharedRandom(random);
        this.mapConcurrencyLimit = mapConcurrencyLimit;
        this.strands = strands;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    Scheduler taskTimer() {
        return taskTimer;
    }

    Executor executor() {
        return executor;
    }

    Optional<ObjectPort> objects() {
        return objects;
    }

    HistorySink sink() {
        return sink;
    }

    RandomGenerator random() {
        return random;
    }

    /** The most items that a Map works on at once, whatever it says itself. */
    int mapConcurrencyLimit() {
        return mapConcurrencyLimit;
    }

    /** The waiting tasks by token. */
    Map<String, TaskAttempt> tokens() {
        return tokens;
    }

    Strand newStrand() {
        return strands.get();
    }

    /** What does a Task's work; empty if nothing is known for its Resource. */
    Optional<TaskHandler> handler(Resource resource) {
        if (anyTask.isPresent()) {
            return anyTask;
        }
        TaskHandler handler = handlers.get(resource.arn());
        if (handler == null && resource.is("lambda", resource.action())) {
            handler = handlers.get(LambdaTasks.KEY);
        }
        if (handler == null && resource.is("states", "startExecution")) {
            handler = handlers.get(StartExecutionTasks.KEY);
        }
        return Optional.ofNullable(handler);
    }

    String newId() {
        long most = (random.nextLong() & ~0xF000L) | 0x4000L;
        long least = (random.nextLong() & ~(3L << 62)) | (2L << 62);
        return new UUID(most, least).toString();
    }

    /** Makes one generator safe to share between threads. */
    private static final class SharedRandom implements RandomGenerator {
        private final RandomGenerator random;

        SharedRandom(RandomGenerator random) {
            this.random = random;
        }

        @Override
        public synchronized long nextLong() {
            return random.nextLong();
        }
    }
}
