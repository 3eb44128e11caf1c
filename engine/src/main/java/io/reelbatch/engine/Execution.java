package io.reelbatch.engine;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** One run of a state machine. */
public final class Execution {
    private final ExecutionRun run;

    Execution(ExecutionRun run) {
        this.run = run;
    }

    /** Its ARN. */
    public String arn() {
        return run.identity().arn();
    }

    /** Its name. */
    public String name() {
        return run.identity().name();
    }

    /** Completes when the execution ends, however it ends; never exceptionally. */
    public CompletableFuture<ExecutionResult> result() {
        return run.result();
    }

    /** What has happened so far, in order. */
    public List<HistoryEvent> history() {
        return run.events();
    }

    /** Stops it, as StopExecution does: it ends {@code ABORTED}. Does nothing if it has ended. */
    public void stop(String error, String cause) {
        run.inTurn(() -> run.abort(nonEmpty(error), nonEmpty(cause)));
    }

    private static Optional<String> nonEmpty(String text) {
        return Optional.of(text).filter(given -> !given.isEmpty());
    }

    void whenEnded(Consumer<ExecutionResult> action) {
        run.whenEnded(action);
    }

    /** When it was started. */
    public Instant startTime() {
        return run.startTime();
    }

    /** When it ended; the present moment, if it runs. */
    Instant stopTime() {
        return run.stopTime();
    }
}
