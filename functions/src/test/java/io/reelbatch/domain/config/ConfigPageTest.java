package io.reelbatch.domain.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.reelbatch.domain.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The page about configs says what the schema says. With {@code -Dreelbatch.docs=write} it is written anew. */
class ConfigPageTest {
    private static final Path PAGE = Path.of("..", "docs", "config.md");

    @Test
    void thePageIsMadeFromTheSchema() throws IOException {
        JsonNode schema = Json.mapper()
                .readTree(Path.of("..", "schemas", "batch.schema.json").toFile());
        String made = ConfigPage.of(schema);
        if (System.getProperty("reelbatch.docs", "").equals("write")) {
            Files.writeString(PAGE, made);
        }

        assertThat(PAGE)
                .as("stale: mvn -pl functions test -Dtest=ConfigPageTest -Dreelbatch.docs=write")
                .hasContent(made);
        assertThat(made).as("a field without an example").doesNotContain("| `` |");
    }
}
