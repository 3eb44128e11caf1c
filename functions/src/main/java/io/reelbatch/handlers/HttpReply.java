package io.reelbatch.handlers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.domain.json.Json;
import java.io.UncheckedIOException;

/** An answer of an HTTP API, in payload format 2.0. */
final class HttpReply {
    private HttpReply() {}

    static ObjectNode of(int status, JsonNode body) {
        try {
            ObjectNode reply = Json.mapper().createObjectNode();
            reply.put("statusCode", status);
            reply.putObject("headers").put("content-type", "application/json");
            return reply.put("body", Json.mapper().writeValueAsString(body));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ObjectNode error(int status, String error, String message) {
        return of(status, Json.mapper().createObjectNode().put("error", error).put("message", message));
    }
}
