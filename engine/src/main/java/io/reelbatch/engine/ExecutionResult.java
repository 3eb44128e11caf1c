package io.reelbatch.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * How an execution ended.
 *
 * @param status its status
 * @param output its output, if it succeeded
 * @param error the error name, if it did not
 * @param cause the cause, if it did not and there is one
 * @param transitions the state transitions that AWS would bill: every state entered and every retry
 */
public record ExecutionResult(
        Status status, Optional<JsonNode> output, Optional<String> error, Optional<String> cause, long transitions) {

    /** The status of an execution. */
    public enum Status {
        /** It has not ended. */
        RUNNING,
        /** It reached a terminal state. */
        SUCCEEDED,
        /** It reached a Fail state, or an error was not caught. */
        FAILED,
        /** Its own {@code TimeoutSeconds} ran out. */
        TIMED_OUT,
        /** It was stopped. */
        ABORTED
    }
}
