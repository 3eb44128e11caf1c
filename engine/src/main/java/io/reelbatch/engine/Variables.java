package io.reelbatch.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The variables that one graph's states see: their own, and those of the states around them. */
final class Variables {
    private final @Nullable Variables outer;
    private final Map<String, JsonNode> values = new HashMap<>();

    Variables(@Nullable Variables outer) {
        this.outer = outer;
    }

    @Nullable
    JsonNode get(String name) {
        JsonNode value = values.get(name);
        return value == null && outer != null ? outer.get(name) : value;
    }

    void assign(Map<String, JsonNode> assigned) {
        values.putAll(assigned);
    }
}
