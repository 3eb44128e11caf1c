package io.reelbatch.domain.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Where in its file each value of a tree stands: for every mapping and list, the lines of its entries in their order. */
final class Lines {
    private final IdentityHashMap<JsonNode, int[]> entries = new IdentityHashMap<>();

    void put(JsonNode container, int[] lines) {
        entries.put(container, lines);
    }

    /** Line of a key, from 1. */
    Optional<Integer> of(JsonNode container, String key) {
        int index = 0;
        for (Iterator<String> keys = container.fieldNames(); keys.hasNext(); index++) {
            if (keys.next().equals(key)) {
                return of(container, index);
            }
        }
        return Optional.empty();
    }

    /** Line of an entry, from 1. */
    Optional<Integer> of(JsonNode container, int index) {
        int[] lines = entries.get(container);
        return lines == null || index >= lines.length ? Optional.empty() : Optional.of(lines[index]);
    }

    /** Line of the last step of a path that the file has. */
    Optional<Integer> along(JsonNode root, List<String> path) {
        Optional<Integer> line = Optional.empty();
        JsonNode node = root;
        for (String step : path) {
            Optional<Integer> next = node.isArray() ? of(node, Integer.parseInt(step)) : of(node, step);
            if (next.isEmpty()) {
                return line;
            }
            line = next;
            node = node.isArray() ? node.path(Integer.parseInt(step)) : node.path(step);
        }
        return line;
    }
}
