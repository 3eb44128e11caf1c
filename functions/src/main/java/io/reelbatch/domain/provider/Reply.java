package io.reelbatch.domain.provider;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.domain.json.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * An answer as it came over the wire, before anybody says what it means.
 *
 * @param status HTTP status
 * @param json the body, if it is a JSON object
 * @param text what the body is, in a few words, if it is not
 * @param retryAfter the header of that name
 */
public record Reply(int status, Optional<ObjectNode> json, String text, Optional<Duration> retryAfter) {
    /** Outputs can come as {@code data:} URIs, so one string may be as long as the longest body. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    /** Reads a body, whatever it is: JSON, an edge's HTML page, half of something, nothing. */
    public static Reply of(int status, byte[] body, Optional<Duration> retryAfter) {
        Optional<ObjectNode> json = parse(body);
        return new Reply(status, json, json.isPresent() ? "" : BodyText.describe(body), retryAfter);
    }

    /** Whether HTTP says that it went well. */
    public boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    private static Optional<ObjectNode> parse(byte[] body) {
        try (JsonParser parser = FACTORY.createParser(body)) {
            return Json.mapper().readTree(parser) instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
