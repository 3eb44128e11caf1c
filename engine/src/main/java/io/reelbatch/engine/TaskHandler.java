package io.reelbatch.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.CompletionStage;

/**
 * The work behind a Task's {@code Resource}. It is asynchronous: while its stage is not complete the task holds no
 * thread of the engine.
 */
@FunctionalInterface
public interface TaskHandler {
    /**
     * Starts one attempt. Completing the stage with a {@link TaskFailedException} fails the task with that error; any
     * other exception fails it with the exception's class name. With {@code .waitForTaskToken} the stage only says that
     * the request was accepted, and the task goes on when its token comes back.
     */
    CompletionStage<JsonNode> run(TaskRequest request);
}
