package io.reelbatch.domain.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.NodePath;
import io.reelbatch.domain.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Checks a file against a schema and says what is wrong in the schema's own words ({@code x-must}). */
final class SchemaCheck {
    private static final int LONGEST_VALUE = 60;

    private final JsonNode document;
    private final Schema schema;

    private SchemaCheck(JsonNode document, Schema schema) {
        this.document = document;
        this.schema = schema;
    }

    /**
     * Loads a schema.
     *
     * @param resource absolute name on the class path
     */
    static SchemaCheck load(String resource) {
        try (InputStream in = SchemaCheck.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is missing from the application");
            }
            JsonNode document = Json.mapper().readTree(in);
            SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
            return new SchemaCheck(document, registry.getSchema(document));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the schema says of a whole file. */
    Shape shape() {
        return Shape.of(document);
    }

    /** Everything wrong with a file, one problem for each place. */
    List<ConfigProblem> check(Source source) {
        List<ConfigProblem> problems = new ArrayList<>();
        Set<List<String>> places = new HashSet<>();
        for (Error error : schema.validate(source.root())) {
            List<String> place = steps(error.getInstanceLocation());
            boolean choice = error.getEvaluationPath().toString().matches(".*/(anyOf|oneOf)(/.*)?");
            String missing = choice || error.getProperty() == null ? "" : error.getProperty();
            List<String> path = new ArrayList<>(place);
            if (!missing.isEmpty()) {
                path.add(missing);
            }
            if (places.add(path)) {
                problems.add(problem(source, place, path, error.getKeyword()));
            }
        }
        return problems;
    }

    private ConfigProblem problem(Source source, List<String> place, List<String> path, String keyword) {
        Shape shape = shape();
        for (String step : place) {
            shape = isIndex(step) ? shape.item() : shape.child(step);
        }
        String message;
        if (path.size() == place.size()) {
            message = wrong(shape, node(source.root(), place));
        } else if (keyword.equals("required")) {
            message = "is missing";
        } else {
            message = unknown(shape, path.get(path.size() - 1), place);
        }
        return Places.problem(source, path, message);
    }

    private static String wrong(Shape shape, JsonNode value) {
        String suggestion = value.isTextual()
                ? Suggestion.nearest(value.asText(), shape.choices())
                        .map(near -> "; did you mean `" + near + "`?")
                        .orElse("")
                : "";
        return "must be " + shape.must() + " (is " + shown(value) + ")" + suggestion;
    }

    private static String unknown(Shape shape, String key, List<String> place) {
        Optional<String> near = Suggestion.nearest(key, shape.keys());
        if (near.isPresent()) {
            return "is not a field here; did you mean `" + near.get() + "`?";
        }
        return place.size() == 2 && place.get(0).equals("jobs")
                ? "is not a field of a job; the model's own parameters go under `params`"
                : "is not a field here; there are " + String.join(", ", shape.keys());
    }

    private static String shown(JsonNode value) {
        if (value.isContainerNode()) {
            return value.isEmpty() ? "empty" : value.isArray() ? "a list" : "a mapping";
        }
        if (value.isTextual()) {
            return value.asText().isEmpty() ? "empty" : Quoting.quoted(value.asText(), LONGEST_VALUE);
        }
        return value.isNull() ? "empty" : value.asText();
    }

    private static JsonNode node(JsonNode root, List<String> place) {
        JsonNode node = root;
        for (String step : place) {
            node = node.isArray() ? node.path(Integer.parseInt(step)) : node.path(step);
        }
        return node;
    }

    private static List<String> steps(NodePath path) {
        List<String> steps = new ArrayList<>();
        for (int i = 0; i < path.getNameCount(); i++) {
            steps.add(String.valueOf(path.getElement(i)));
        }
        return steps;
    }

    private static boolean isIndex(String step) {
        return !step.isEmpty() && step.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
