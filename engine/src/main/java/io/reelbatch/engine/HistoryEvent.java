package io.reelbatch.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Set;

/**
 * One event of an execution's history.
 *
 * @param id its number, from 1
 * @param previousEventId the event it follows from
 * @param timestamp when it happened
 * @param type its type, such as {@code TaskStateEntered}
 * @param details what GetExecutionHistory shows beside these, under the name it shows it, such as {@code
 *     stateEnteredEventDetails}, with payloads as trees; empty for events that have none
 */
public record HistoryEvent(long id, long previousEventId, Instant timestamp, String type, ObjectNode details) {
    private static final Set<String> PAYLOADS = Set.of("input", "output", "parameters");

    /** The event as GetExecutionHistory gives it: payloads are JSON in strings. */
    public ObjectNode toJson() {
        ObjectNode json = Json.object();
        json.put("timestamp", Json.timestamp(timestamp));
        json.put("type", type);
        json.put("id", id);
        json.put("previousEventId", previousEventId);
        details.properties().forEach(entry -> {
            ObjectNode shown = json.putObject(entry.getKey());
            entry.getValue().properties().forEach(field -> {
                if (PAYLOADS.contains(field.getKey())) {
                    shown.put(field.getKey(), Json.text(field.getValue()));
                } else {
                    shown.set(field.getKey(), field.getValue());
                }
            });
        });
        return json;
    }
}
