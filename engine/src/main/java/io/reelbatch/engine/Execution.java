package io.reelbatch.engine;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** One run of a state machine. */
@SuppressWarnings("DoNotCallSuggester") // not implemented yet
public final class Execution {
    Execution() {}

    /** Its ARN. */
    public String arn() {
        throw new UnsupportedOperationException();
    }

    /** Its name. */
    public String name() {
        throw new UnsupportedOperationException();
    }

    /** Completes when the execution ends, however it ends; never exceptionally. */
    public CompletableFuture<ExecutionResult> result() {
        throw new UnsupportedOperationException();
    }

    /** What has happened so far, in order. */
    public List<HistoryEvent> history() {
        throw new UnsupportedOperationException();
    }

    /** Stops it, as StopExecution does: it ends {@code ABORTED}. Does nothing if it has ended. */
    public void stop(String error, String cause) {
        throw new UnsupportedOperationException(error + cause);
    }
}
