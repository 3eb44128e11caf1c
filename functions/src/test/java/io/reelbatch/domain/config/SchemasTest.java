package io.reelbatch.domain.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.reelbatch.domain.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The schemas explain every field, to editors and in messages. */
class SchemasTest {
    private static final String DRAFT = "https://json-schema.org/draft/2020-12/schema";

    @ParameterizedTest
    @ValueSource(strings = {"batch", "catalog"})
    void isASchemaOfTheDraftItNames(String name) throws IOException {
        Schema draft = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(SchemaLocation.of(DRAFT));

        assertThat(draft.validate(schema(name))).isEmpty();
        assertThat(schema(name).path("$schema").asText()).isEqualTo(DRAFT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"batch", "catalog"})
    void everyFieldSaysWhatItIsAndWhatItMustBe(String name) throws IOException {
        JsonNode schema = schema(name);
        List<String> silent = new ArrayList<>();
        collect(schema, schema, "", silent);

        assertThat(silent).isEmpty();
    }

    private static void collect(JsonNode root, JsonNode place, String path, List<String> silent) {
        for (Map.Entry<String, JsonNode> field : place.path("properties").properties()) {
            String below = path + "." + field.getKey();
            if (!says(root, field.getValue(), SchemaCheck.WORDING)) {
                silent.add(below + " has no " + SchemaCheck.WORDING);
            }
            if (!says(root, field.getValue(), "description")) {
                silent.add(below + " has no description");
            }
            collect(root, field.getValue(), below, silent);
        }
        for (Map.Entry<String, JsonNode> shared : place.path("$defs").properties()) {
            collect(root, shared.getValue(), path + "#" + shared.getKey(), silent);
        }
    }

    private static boolean says(JsonNode root, JsonNode place, String keyword) {
        return place.has(keyword)
                || (place.has("$ref")
                        && says(root, root.at(place.path("$ref").asText().substring(1)), keyword));
    }

    private static JsonNode schema(String name) throws IOException {
        return Json.mapper()
                .readTree(Path.of("..", "schemas", name + ".schema.json").toFile());
    }
}
