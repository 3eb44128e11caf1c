package io.reelbatch.engine.asl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.reelbatch.engine.jsonata.Expression;
import io.reelbatch.engine.jsonata.ExpressionSyntaxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The fields of one JSON object of a definition: reads them with their rules and knows which ones nobody asked for. */
final class Fields {
    private final JsonNode node;
    private final String path;
    private final String field;
    private final Problems problems;
    private final Set<String> known = new HashSet<>();

    /**
     * The fields of {@code node}.
     *
     * @param path its JSON path in the document
     * @param field its place in the state, as causes name it; empty for a state itself
     */
    Fields(JsonNode node, String path, String field, Problems problems) {
        this.node = node;
        this.path = path;
        this.field = field;
        this.problems = problems;
    }

    String path() {
        return path;
    }

    String path(String name) {
        return JsonPath.child(path, name);
    }

    void problem(String name, String message) {
        problems.add(path(name), message);
    }

    boolean has(String name) {
        return node.has(name);
    }

    /** The value of a field; empty if it is not there. */
    Optional<JsonNode> value(String name) {
        known.add(name);
        return Optional.ofNullable(node.get(name));
    }

    /** The value of a field that must be there; null node if it is not. */
    JsonNode required(String name, String what) {
        Optional<JsonNode> value = value(name);
        if (value.isEmpty()) {
            problem(name, "is missing: " + what);
        }
        return value.orElse(NullNode.getInstance());
    }

    Optional<String> text(String name) {
        return checked(name, JsonNode::isTextual, "must be a string").map(JsonNode::textValue);
    }

    /** A field that must be there and be a string; empty text if it is not. */
    String requiredText(String name, String what) {
        required(name, what);
        return text(name).orElse("");
    }

    Optional<JsonNode> checked(String name, Predicate<JsonNode> test, String message) {
        Optional<JsonNode> value = value(name);
        if (value.isPresent() && !test.test(value.get())) {
            problem(name, message + ", not " + value.get());
            return Optional.empty();
        }
        return value;
    }

    <E extends Enum<E>> Optional<E> oneOf(String name, Class<E> type, Predicate<E> allowed) {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        List<String> names = new ArrayList<>();
        for (E constant : type.getEnumConstants()) {
            if (allowed.test(constant)) {
                if (constant.name().equals(text.get())) {
                    return Optional.of(constant);
                }
                names.add(constant.name());
            }
        }
        problem(name, "must be one of " + String.join(", ", names) + ", not " + text.get());
        return Optional.empty();
    }

    /** An object's fields; empty if it is not there or no object. */
    Optional<Fields> object(String name) {
        return checked(name, JsonNode::isObject, "must be an object")
                .map(value -> new Fields(value, path(name), place(name), problems));
    }

    /** The objects of an array; none if it is not there. */
    List<Fields> objects(String name) {
        List<Fields> result = new ArrayList<>();
        Optional<JsonNode> array = checked(name, JsonNode::isArray, "must be an array of objects");
        for (int i = 0; i < array.map(JsonNode::size).orElse(0); i++) {
            JsonNode element = array.orElseThrow().get(i);
            String index = "[" + i + "]";
            if (element.isObject()) {
                result.add(new Fields(element, path(name) + index, place(name) + index, problems));
            } else {
                problems.add(path(name) + index, "must be an object, not " + element);
            }
        }
        return result;
    }

    List<String> texts(String name) {
        List<String> result = new ArrayList<>();
        Optional<JsonNode> array = checked(name, JsonNode::isArray, "must be an array of strings");
        for (int i = 0; i < array.map(JsonNode::size).orElse(0); i++) {
            JsonNode element = array.orElseThrow().get(i);
            if (element.isTextual()) {
                result.add(element.textValue());
            } else {
                problems.add(path(name) + "[" + i + "]", "must be a string, not " + element);
            }
        }
        return result;
    }

    /** A value of any type that may hold expressions. */
    Optional<Template> template(String name) {
        return value(name).map(value -> template(value, path(name), place(name)));
    }

    /** A value that is an expression, or a literal that {@code test} takes. */
    Optional<Template> template(String name, Predicate<JsonNode> test, String message) {
        return checked(name, value -> expression(value) != null || test.test(value), message + " or an expression")
                .map(value -> template(value, path(name), place(name)));
    }

    /** The variables of an Assign. */
    Map<String, Template> assignments(String name) {
        Map<String, Template> result = new LinkedHashMap<>();
        Optional<JsonNode> value = checked(name, JsonNode::isObject, "must be an object");
        value.ifPresent(node -> node.properties()
                .forEach(entry -> result.put(
                        entry.getKey(),
                        template(
                                entry.getValue(),
                                JsonPath.child(path(name), entry.getKey()),
                                place(name) + "/" + entry.getKey()))));
        return result;
    }

    private String place(String name) {
        return field.isEmpty() ? name : field + "/" + name;
    }

    private Template template(JsonNode value, String path, String field) {
        if (value.isObject()) {
            Map<String, Template> fields = new LinkedHashMap<>();
            value.properties()
                    .forEach(entry -> fields.put(
                            entry.getKey(),
                            template(
                                    entry.getValue(),
                                    JsonPath.child(path, entry.getKey()),
                                    field + "/" + entry.getKey())));
            return fields.values().stream().allMatch(Template.Literal.class::isInstance)
                    ? new Template.Literal(value)
                    : new Template.ObjectTemplate(fields);
        }
        if (value.isArray()) {
            List<Template> elements = new ArrayList<>();
            for (int i = 0; i < value.size(); i++) {
                elements.add(template(value.get(i), path + "[" + i + "]", field + "[" + i + "]"));
            }
            return elements.stream().allMatch(Template.Literal.class::isInstance)
                    ? new Template.Literal(value)
                    : new Template.ArrayTemplate(elements);
        }
        return leaf(value, path, field);
    }

    private Template leaf(JsonNode value, String path, String field) {
        String source = expression(value);
        if (source == null) {
            return new Template.Literal(value);
        }
        try {
            Expression expression = Expression.compile(source);
            if (!field.startsWith("Catch[") && expression.usesState("errorOutput")) {
                problems.add(path, "asks for $states.errorOutput, which only the Output and Assign of a Catch have");
            }
            return new Template.Dynamic(field, expression);
        } catch (ExpressionSyntaxException e) {
            problems.add(path, "is not an expression that Step Functions takes: " + e.getMessage());
            return new Template.Literal(value);
        }
    }

    /** The source of an expression; null if the value is none. */
    static @Nullable String expression(JsonNode value) {
        if (!value.isTextual()) {
            return null;
        }
        String text = value.textValue();
        return text.length() >= 4 && text.startsWith("{%") && text.endsWith("%}")
                ? text.substring(2, text.length() - 2).trim()
                : null;
    }

    /** Says that these fields belong to JSONPath. */
    void refuseJsonPath(Set<String> names) {
        for (String name : names) {
            if (value(name).isPresent()) {
                problem(name, "belongs to JSONPath, which this engine does not run");
            }
        }
    }

    /** Names every field that was never read. */
    void refuseTheRest(String where) {
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            if (!known.contains(entry.getKey())) {
                problem(entry.getKey(), "is not a field of " + where);
            }
        }
    }
}
