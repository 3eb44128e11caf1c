package io.reelbatch.domain.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import io.reelbatch.domain.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What the provider calls back with when a generation ends.
 *
 * @param outputs URLs or {@code data:} URIs; none where it failed
 * @param error what the provider says of a failure; empty where it succeeded or says nothing
 * @param succeeded whether there is something to download
 */
public record Callback(boolean succeeded, List<String> outputs, Optional<String> error) {
    public Callback {
        outputs = List.copyOf(outputs);
    }

    /** Reads a body; empty if it is no such JSON. */
    public static Optional<Callback> read(byte[] body) {
        JsonNode root;
        try {
            root = Json.mapper().readTree(body);
        } catch (IOException e) {
            return Optional.empty();
        }
        if (root == null || !root.path("payload").isObject()) {
            return Optional.empty();
        }
        JsonNode payload = root.path("payload");
        List<String> outputs = outputs(payload.path("outputs"));
        boolean completed =
                payload.path("status").asText("").toLowerCase(Locale.ROOT).equals("completed")
                        && root.path("status").asText("").equalsIgnoreCase("OK");
        boolean succeeded = completed && !outputs.isEmpty();
        return Optional.of(
                new Callback(succeeded, succeeded ? outputs : List.of(), succeeded ? Optional.empty() : error(root)));
    }

    private static List<String> outputs(JsonNode node) {
        List<String> outputs = new ArrayList<>();
        Iterable<JsonNode> entries = node.isArray() ? node : List.of(node);
        for (JsonNode entry : entries) {
            String url = entry.isObject() ? entry.path("url").asText("") : entry.asText("");
            if (!url.isBlank()) {
                outputs.add(url);
            }
        }
        return outputs;
    }

    private static Optional<String> error(JsonNode root) {
        JsonNode error = root.path("error");
        String text = error.isObject() ? error.path("message").asText("") : error.asText("");
        return Optional.of(text).filter(said -> !said.isBlank() && !error.isNull());
    }
}
