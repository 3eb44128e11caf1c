package io.reelbatch.engine.asl;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** The names that messages give to JSON types. */
public final class JsonTypes {
    private JsonTypes() {}

    /** The type of a value: object, array, string, number, boolean or null. */
    public static String name(JsonNode value) {
        return value.getNodeType().name().toLowerCase(Locale.ROOT);
    }
}
