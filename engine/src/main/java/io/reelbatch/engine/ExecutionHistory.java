package io.reelbatch.engine;

import java.util.List;

/**
 * A finished execution with everything that happened in it.
 *
 * @param executionArn the execution
 * @param result how it ended
 * @param events its events, in order
 */
public record ExecutionHistory(String executionArn, ExecutionResult result, List<HistoryEvent> events) {}
