package io.reelbatch.domain.provider;

import com.fasterxml.jackson.databind.JsonNode;
import io.reelbatch.domain.json.Json;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A callback from the provider about a generation that has ended. If it does not say clearly how, the job is polled.
 */
public sealed interface Callback {
    /**
     * There is something to download.
     *
     * @param outputs URLs or {@code data:} URIs, at least one
     */
    record Generated(List<String> outputs) implements Callback {
        public Generated {
            outputs = List.copyOf(outputs);
        }
    }

    /**
     * The provider could not make it, and charges nothing.
     *
     * @param message one line of what it says, without secrets
     */
    record Failed(String message) implements Callback {}

    /** Something has happened; only a poll can tell what. */
    record Unclear() implements Callback {}

    /** Reads a body; empty if it is not of a callback's shape. */
    static Optional<Callback> read(byte[] body) {
        JsonNode root;
        try {
            root = Json.mapper().readTree(body);
        } catch (IOException e) {
            return Optional.empty();
        }
        return root != null && root.path("payload").isObject() ? Optional.of(read(root)) : Optional.empty();
    }

    private static Callback read(JsonNode root) {
        JsonNode payload = root.path("payload");
        String word = Shapes.status(payload).orElse("");
        boolean atEnd = root.path("event_type").asText(".terminal").endsWith(".terminal");
        if (atEnd && Words.isFailure(word)) {
            String message =
                    Shapes.first(Shapes.message(root), Shapes.message(payload)).orElse("the provider gives no reason");
            return new Failed(Errors.clean(message, Secrets.NONE));
        }
        List<String> outputs = Shapes.outputs(payload);
        boolean well = !root.path("status").asText("").equalsIgnoreCase("ERROR");
        return atEnd && well && Words.isSuccess(word) && !outputs.isEmpty() ? new Generated(outputs) : new Unclear();
    }
}
