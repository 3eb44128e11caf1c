package io.reelbatch.engine;

import java.util.List;
import java.util.Optional;

/**
 * An error on its way: to a retrier, a catcher, or the end of the execution.
 *
 * @param error the error name
 * @param cause what happened, for people
 * @param missedHeartbeat whether it is the time-out of a heartbeat, which shows as any other
 */
record Failure(String error, Optional<String> cause, boolean missedHeartbeat) {
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
        return new Failure(error, Optional.of(cause), false);
    }

    static Failure timeout(boolean missedHeartbeat) {
        return new Failure(TIMEOUT, Optional.empty(), missedHeartbeat);
    }

    /** Whether an ErrorEquals list names this error, by its name or by one of the wildcards. */
    boolean matches(List<String> errorEquals) {
        for (String name : errorEquals) {
            boolean matches = switch (name) {
                case ALL -> !isFatal();
                case TASK_FAILED -> !error.equals(TIMEOUT) && !isFatal();
                case HEARTBEAT_TIMEOUT -> missedHeartbeat || error.equals(name);
                default -> error.equals(name) && !isFatal();
            };
            if (matches) {
                return true;
            }
        }
        return false;
    }

    /** Whether nothing can catch it: the execution ends at once. */
    boolean isFatal() {
        return error.equals(RUNTIME);
    }
}
