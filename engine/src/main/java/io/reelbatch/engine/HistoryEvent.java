package io.reelbatch.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/**
 * One event of an execution's history.
 *
 * @param id its number, from 1
 * @param previousEventId the event it follows from
 * @param timestamp when it happened
 * @param type its type, such as {@code TaskStateEntered}
 * @param details what GetExecutionHistory shows beside these, under the name it shows it, such as {@code
 *     stateEnteredEventDetails}; empty for events that have none
 */
public record HistoryEvent(long id, long previousEventId, Instant timestamp, String type, ObjectNode details) {}
