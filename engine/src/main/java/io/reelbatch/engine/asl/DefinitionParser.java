package io.reelbatch.engine.asl;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Reads a definition and finds everything that is wrong with it. */
public final class DefinitionParser {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final long LONGEST_TIMEOUT = 99_999_999;

    private final Problems problems;

    private DefinitionParser(Problems problems) {
        this.problems = problems;
    }

    /** The definition; empty where the problems are such that there is none. */
    public static Optional<Definition> parse(String text, Problems problems) {
        JsonNode root;
        try {
            root = MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            problems.add("$", "is not valid JSON: " + e.getMessage());
            return Optional.empty();
        }
        if (!root.isObject()) {
            problems.add("$", "must be a JSON object with StartAt and States");
            return Optional.empty();
        }
        DefinitionParser parser = new DefinitionParser(problems);
        return usesJsonPath(root)
                ? parser.refuseJsonPath()
                : Optional.of(parser.machine(new Fields(root, "$", "", problems)));
    }

    private Optional<Definition> refuseJsonPath() {
        problems.add(
                "$.QueryLanguage",
                "This definition uses JSONPath, and this engine runs JSONata only:"
                        + " set \"QueryLanguage\": \"JSONata\" and write its fields in JSONata.");
        return Optional.empty();
    }

    private static boolean usesJsonPath(JsonNode root) {
        String language = root.path("QueryLanguage").asText("JSONPath");
        return root.path("States").isEmpty() ? language.equals("JSONPath") : usesJsonPath(language, root);
    }

    /** Whether any state is in JSONPath; a nested state takes the machine's language, not its container's. */
    private static boolean usesJsonPath(String machineLanguage, JsonNode container) {
        for (JsonNode state : container.path("States")) {
            if (state.path("QueryLanguage").asText(machineLanguage).equals("JSONPath")
                    || usesJsonPath(machineLanguage, state.path("ItemProcessor"))) {
                return true;
            }
            for (JsonNode branch : state.path("Branches")) {
                if (usesJsonPath(machineLanguage, branch)) {
                    return true;
                }
            }
        }
        return false;
    }

    private Definition machine(Fields fields) {
        fields.value("Comment");
        fields.text("Version")
                .filter(version -> !version.equals("1.0"))
                .ifPresent(version -> fields.problem("Version", "must be \"1.0\", not \"" + version + "\""));
        fields.text("QueryLanguage")
                .filter(language -> !Set.of("JSONata", "JSONPath").contains(language))
                .ifPresent(
                        language -> fields.problem("QueryLanguage", "must be \"JSONata\", not \"" + language + "\""));
        Optional<Duration> timeout = fields.checked(
                        "TimeoutSeconds",
                        value -> value.isIntegralNumber()
                                && value.longValue() > 0
                                && value.longValue() <= LONGEST_TIMEOUT,
                        "must be a whole number of seconds from 1 to " + LONGEST_TIMEOUT)
                .map(value -> Duration.ofSeconds(value.longValue()));
        Graph graph = new GraphParser(problems, new HashSet<>()).graph(fields, Set.of());
        fields.refuseTheRest("a state machine");
        return new Definition(graph, timeout);
    }
}
