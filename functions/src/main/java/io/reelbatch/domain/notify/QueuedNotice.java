package io.reelbatch.domain.notify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.reelbatch.domain.json.Json;
import java.util.Optional;

/**
 * A notice in a queue. It has neither the receiver's address nor the secret's name; both are looked up in the batch's
 * record, because addresses may hold secrets and more people can read a queue.
 */
public record QueuedNotice(String batchId, Notice notice) {
    /** The message's text. */
    public String toJson() {
        return Json.mapper()
                .createObjectNode()
                .put("batch_id", batchId)
                .put("id", notice.id())
                .put("body", notice.body())
                .toString();
    }

    /** What {@link #toJson} wrote; empty for anything else. */
    public static Optional<QueuedNotice> parse(String text) {
        try {
            JsonNode json = Json.mapper().readTree(text);
            return json.path("batch_id").isTextual()
                            && json.path("id").isTextual()
                            && json.path("body").isTextual()
                    ? Optional.of(new QueuedNotice(
                            json.path("batch_id").textValue(),
                            new Notice(
                                    json.path("id").textValue(),
                                    json.path("body").textValue())))
                    : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
