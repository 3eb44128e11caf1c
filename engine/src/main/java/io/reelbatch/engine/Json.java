package io.reelbatch.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/** JSON as the engine writes it. */
final class Json {
    static final ObjectMapper MAPPER = new ObjectMapper();
    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final int PAYLOAD_LIMIT = 262_144;

    private Json() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static String text(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree could not be written", e);
        }
    }

    /** A moment as Context objects show it: with milliseconds. */
    static String timestamp(Instant instant) {
        return TIMESTAMP.format(instant.truncatedTo(ChronoUnit.MILLIS));
    }

    /** Whether a value takes more than the 256 KiB of UTF-8 that a state may pass on. */
    static boolean exceedsPayload(JsonNode node) {
        return upperBound(node, 0) > PAYLOAD_LIMIT && size(node) > PAYLOAD_LIMIT;
    }

    static long size(JsonNode node) {
        try {
            return MAPPER.writeValueAsBytes(node).length;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree could not be written", e);
        }
    }

    private static long upperBound(JsonNode node, long before) {
        long size = before + 2;
        if (node.isTextual()) {
            return size + 6L * node.textValue().length();
        }
        if (!node.isContainerNode()) {
            return size + 24;
        }
        if (node.isObject()) {
            for (var field : node.properties()) {
                size = upperBound(
                        field.getValue(), size + 4 + 6L * field.getKey().length());
            }
            return size;
        }
        for (JsonNode element : node) {
            size = upperBound(element, size + 1);
        }
        return size;
    }
}
