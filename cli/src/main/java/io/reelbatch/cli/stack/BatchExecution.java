package io.reelbatch.cli.stack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.domain.json.Json;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * One execution of a batch: the first, or a retry.
 *
 * @param name the batch's id, for a retry with {@code _r<n>} behind it
 * @param status as Step Functions names it, such as {@code RUNNING}
 * @param input JSON
 * @param error name of the error that ended it, if one did
 * @param cause what it said
 */
public record BatchExecution(
        String name,
        String arn,
        String status,
        Instant started,
        Optional<Instant> stopped,
        String input,
        Optional<String> error,
        Optional<String> cause) {
    private static final Set<String> OPEN = Set.of("RUNNING", "PENDING_REDRIVE");
    private static final String INCOMPLETE = "BatchIncomplete";

    /** Whether it has not ended. */
    public boolean isRunning() {
        return OPEN.contains(status);
    }

    /** Whether it came to its end and wrote the manifest, be it with failed jobs. */
    public boolean wroteManifest() {
        return status.equals("SUCCEEDED") || error.filter(INCOMPLETE::equals).isPresent();
    }

    /** Whether somebody stopped it. */
    public boolean wasStopped() {
        return status.equals("ABORTED");
    }

    /** Whether it ended with an error of that simple class name. */
    public boolean endedWith(String className) {
        return error.filter(name -> name.equals(className) || name.endsWith("." + className))
                .isPresent();
    }

    /** What went wrong, for people; what a function threw without its stack trace. */
    public String sentence() {
        String said = cause.map(BatchExecution::message).orElse("");
        return said.isBlank() ? error.orElse(status) : said;
    }

    private static String message(String cause) {
        try {
            JsonNode message = Json.mapper().readTree(cause).path("errorMessage");
            return message.isTextual() ? message.asText() : cause;
        } catch (JsonProcessingException e) {
            return cause;
        }
    }

    /** What it was started with; empty if that is not an object. */
    ObjectNode inputTree() {
        try {
            return Json.mapper().readTree(input) instanceof ObjectNode object
                    ? object
                    : Json.mapper().createObjectNode();
        } catch (JsonProcessingException e) {
            return Json.mapper().createObjectNode();
        }
    }
}
