package io.reelbatch.engine;

import java.util.List;
import java.util.Optional;

/**
 * An error on its way: to a retrier, a catcher, or the end of the execution.
 *
 * @param error the error name
 * @param cause what happened, for people
 */
record Failure(String error, Optional<String> cause) {
    static final String RUNTIME = "States.Runtime";
    static final String TIMEOUT = "States.Timeout";
    static final String HEARTBEAT_TIMEOUT = "States.HeartbeatTimeout";
    static final String TASK_FAILED = "States.TaskFailed";
    static final String QUERY_EVALUATION = "States.QueryEvaluationError";
    static final String DATA_LIMIT = "States.DataLimitExceeded";
    static final String ITEM_READER_FAILED = "States.ItemReaderFailed";
    static final String RESULT_WRITER_FAILED = "States.ResultWriterFailed";
    static final String TOLERATED_EXCEEDED = "States.ExceedToleratedFailureThreshold";
    private static final String ALL = "States.ALL";

    static Failure of(String error, String cause) {
        return new Failure(error, Optional.of(cause));
    }

    /** Whether an ErrorEquals list names this error, by its name or by one of the wildcards. */
    boolean matches(List<String> errorEquals) {
        for (String name : errorEquals) {
            boolean matches = switch (name) {
                case ALL -> !isFatal();
                case TASK_FAILED -> !error.equals(TIMEOUT) && !isFatal();
                case TIMEOUT -> error.equals(TIMEOUT) || error.equals(HEARTBEAT_TIMEOUT);
                default -> error.equals(name);
            };
            if (matches) {
                return true;
            }
        }
        return false;
    }

    private boolean isFatal() {
        return error.equals(RUNTIME) || error.equals(DATA_LIMIT);
    }
}
