package io.reelbatch.engine;

import com.fasterxml.jackson.databind.JsonNode;

/** A Lambda function as Step Functions sees it. It may block: it runs on the engine's executor. */
@FunctionalInterface
public interface LambdaFunction {
    /**
     * Answers one invocation. Whatever it throws becomes a {@code FunctionError} whose {@code errorType} is the fully
     * qualified class name, as the managed Java runtimes report it.
     */
    JsonNode invoke(JsonNode payload, LambdaInvocation invocation) throws Exception;
}
