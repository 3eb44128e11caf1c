package io.reelbatch.cli.asl;

import com.fasterxml.jackson.databind.JsonNode;
import io.reelbatch.engine.TaskFailedException;
import io.reelbatch.engine.TaskRequest;
import java.util.HashMap;
import java.util.Map;

/**
 * What Tasks answer instead of doing their work: {@code {stateName: [{"return": …} | {"error": …, "cause": …}, …]}}, used
 * in order for a state's successive calls.
 */
final class Mocks {
    private final JsonNode byState;
    private final Map<String, Integer> used = new HashMap<>();

    Mocks(JsonNode byState) {
        if (!byState.isObject()) {
            throw new IllegalArgumentException("mocks: must be an object of lists by state name");
        }
        byState.properties().forEach(entry -> {
            if (!entry.getValue().isArray()) {
                throw new IllegalArgumentException("mocks." + entry.getKey() + ": must be a list");
            }
        });
        this.byState = byState;
    }

    /** The result of a call; throws what the mock says, or that there is none. */
    JsonNode answer(TaskRequest request) {
        JsonNode list = byState.path(request.state());
        int call = used.merge(request.state(), 1, Integer::sum);
        JsonNode entry = list.path(call - 1);
        if (entry.has("return")) {
            return entry.get("return");
        }
        if (entry.has("error")) {
            throw new TaskFailedException(
                    entry.path("error").asText(), entry.path("cause").asText(""));
        }
        throw new TaskFailedException(
                "States.Runtime",
                list.isMissingNode()
                        ? "There are no mocks for the state '" + request.state() + "'"
                        : "The mocks for the state '" + request.state() + "' are used up: it has " + list.size()
                                + ", and this is call number " + call);
    }
}
