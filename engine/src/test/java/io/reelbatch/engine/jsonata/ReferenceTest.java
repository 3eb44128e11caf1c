package io.reelbatch.engine.jsonata;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every expression of the table gives what the reference implementation, npm's jsonata 2.0.6, gives. */
class ReferenceTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** What the expressions see: {@code $in}. */
    record Document(JsonNode in) implements Scope {
        @Override
        public @Nullable JsonNode variable(String name) {
            return name.equals("in") ? in : null;
        }

        @Override
        public Instant now() {
            return Instant.parse("2026-01-01T00:00:00Z");
        }

        @Override
        public RandomGenerator random() {
            return new Random(1);
        }
    }

    static Stream<JsonNode> table() throws IOException {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(resource("expected.jsonl"), StandardCharsets.UTF_8))) {
            List<String> all = lines.lines().toList();
            assertThat(all).hasSizeGreaterThan(200);
            return all.stream().map(ReferenceTest::read);
        }
    }

    private static JsonNode read(String line) {
        try {
            return MAPPER.readTree(line);
        } catch (IOException e) {
            throw new IllegalStateException(line, e);
        }
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(ReferenceTest.class.getResourceAsStream("/jsonata/" + name));
    }

    @ParameterizedTest
    @MethodSource("table")
    void anExpressionGivesWhatTheReferenceGives(JsonNode row) throws IOException {
        Scope scope = new Document(MAPPER.readTree(resource("document.json")));
        String expression = row.path("expression").asText();

        ObjectNode actual = MAPPER.createObjectNode().put("expression", expression);
        try {
            JsonNode value = Expression.compile(expression).evaluate(scope);
            if (value == null) {
                actual.put("undefined", true);
            } else {
                actual.set("value", value);
            }
        } catch (ExpressionSyntaxException e) {
            actual.put("message", e.getMessage());
        } catch (EvaluationException e) {
            actual.put("message", String.valueOf(e.getMessage()).replaceFirst("^(\\. [SDT]\\d{4})?: ", ""));
        }

        ObjectNode expected = row.deepCopy();
        expected.remove("error");
        assertThat(MAPPER.readTree(actual.toString())).isEqualTo(expected);
    }
}
