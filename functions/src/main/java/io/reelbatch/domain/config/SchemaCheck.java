package io.reelbatch.domain.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.NonValidationKeyword;
import com.networknt.schema.path.NodePath;
import io.reelbatch.domain.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Checks a file against a schema and says what is wrong in the schema's own words. */
final class SchemaCheck {
    /** Keyword of a schema that says in words what must stand in a place. */
    static final String WORDING = "x-must";

    private static final int LONGEST_VALUE = 60;
    private static final Pattern ALTERNATIVE = Pattern.compile("/(anyOf|oneOf)(/|$)");

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
            Dialect dialect = Dialect.builder(Dialects.getDraft202012())
                    .keyword(new NonValidationKeyword(WORDING))
                    .build();
            return new SchemaCheck(document, SchemaRegistry.withDialect(dialect).getSchema(document));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the schema says of a whole file. */
    Shape shape() {
        return Shape.of(document);
    }

    /**
     * What is wrong with a file.
     *
     * @param problems one for each place
     * @param jobs positions of the jobs that have one
     * @param batch whether something outside the jobs has one
     */
    record Result(List<ConfigProblem> problems, Set<Integer> jobs, boolean batch) {}

    /** Checks a whole file. */
    Result check(Source source) {
        Map<List<String>, Flaw> flaws = new LinkedHashMap<>();
        for (Error error : schema.validate(source.root())) {
            Flaw flaw = flaw(error);
            flaws.putIfAbsent(flaw.path(), flaw);
        }
        dropVaguer(flaws);
        Set<List<String>> misspelt = new HashSet<>();
        flaws.values().stream()
                .filter(flaw -> flaw.kind() == Kind.UNKNOWN)
                .forEach(flaw -> near(flaw).ifPresent(key -> misspelt.add(flaw.below(key))));
        List<ConfigProblem> problems = new ArrayList<>();
        Set<Integer> jobs = new HashSet<>();
        boolean batch = false;
        for (Flaw flaw : flaws.values()) {
            if (flaw.kind() != Kind.MISSING || !misspelt.contains(flaw.path())) {
                problems.add(Places.problem(source, flaw.path(), message(flaw, source.root())));
            }
            if (flaw.place().size() > 1 && flaw.place().get(0).equals("jobs")) {
                jobs.add(Integer.valueOf(flaw.place().get(1)));
            } else {
                batch = true;
            }
        }
        return new Result(problems, jobs, batch);
    }

    /** Where a value fits none of its alternatives and one of them says what is wrong inside, that is enough. */
    private static void dropVaguer(Map<List<String>, Flaw> flaws) {
        Set<List<String>> above = new HashSet<>();
        flaws.values().stream().filter(Flaw::alternative).map(Flaw::path).forEach(path -> {
            for (int end = 0; end < path.size(); end++) {
                above.add(path.subList(0, end));
            }
        });
        flaws.values().removeIf(flaw -> flaw.alternative() && above.contains(flaw.path()));
    }

    private enum Kind {
        WRONG,
        MISSING,
        UNKNOWN
    }

    /** What the validator found: where, and for a missing or unknown key, which. */
    private record Flaw(Kind kind, List<String> place, List<String> path, boolean alternative) {
        String key() {
            return path.get(path.size() - 1);
        }

        List<String> below(String key) {
            List<String> longer = new ArrayList<>(place);
            longer.add(key);
            return longer;
        }
    }

    private static Flaw flaw(Error error) {
        List<String> place = steps(error.getInstanceLocation());
        boolean alternative =
                ALTERNATIVE.matcher(error.getEvaluationPath().toString()).find();
        if (alternative || error.getProperty() == null) {
            return new Flaw(Kind.WRONG, place, place, alternative);
        }
        List<String> path = new ArrayList<>(place);
        path.add(error.getProperty());
        return new Flaw(error.getKeyword().equals("required") ? Kind.MISSING : Kind.UNKNOWN, place, path, false);
    }

    private Shape shapeAt(List<String> place) {
        Shape shape = shape();
        for (String step : place) {
            shape = isIndex(step) ? shape.item() : shape.child(step);
        }
        return shape;
    }

    private Optional<String> near(Flaw flaw) {
        return Suggestion.nearest(flaw.key(), shapeAt(flaw.place()).keys());
    }

    private String message(Flaw flaw, JsonNode root) {
        return switch (flaw.kind()) {
            case WRONG -> {
                Shape shape = shapeAt(flaw.place());
                // An address or a secret must not come back in a message.
                yield flaw.path().contains("notify")
                        ? "must be " + shape.must()
                        : wrong(shape, node(root, flaw.place()));
            }
            case MISSING -> "is missing";
            case UNKNOWN -> unknown(flaw);
        };
    }

    private String unknown(Flaw flaw) {
        Optional<String> near = near(flaw);
        if (near.isPresent()) {
            return "is not a field here; did you mean `" + near.get() + "`?";
        }
        return flaw.place().size() == 2 && flaw.place().get(0).equals("jobs")
                ? "is not a field of a job; the model's own parameters go under `params`"
                : "is not a field here; there are "
                        + String.join(", ", shapeAt(flaw.place()).keys());
    }

    private static String wrong(Shape shape, JsonNode value) {
        String suggestion = value.isTextual()
                ? Suggestion.nearest(value.asText(), shape.choices())
                        .map(near -> "; did you mean `" + near + "`?")
                        .orElse("")
                : "";
        return "must be " + shape.must() + " (is " + shown(value) + ")" + suggestion;
    }

    private static String shown(JsonNode value) {
        if (value.isContainerNode()) {
            return value.isEmpty() ? "empty" : value.isArray() ? "a list of " + value.size() : "a mapping";
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
