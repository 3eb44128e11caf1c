package io.reelbatch.domain.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What a schema says of one place in a file: which type it has, what may stand there, in words, and what is below it. Used
 * for reading (is an unquoted {@code 007} a name or a number?) and for explaining; the checking is the validator's.
 */
final class Shape {
    /** A place the schema says nothing of. */
    static final Shape FREE = new Shape(MissingNode.getInstance(), MissingNode.getInstance());

    /** A place whose content is passed on as it is. */
    private static final Shape PASSED_ON = new Shape(MissingNode.getInstance(), MissingNode.getInstance());

    private final JsonNode root;
    private final JsonNode schema;
    private final String must;
    private final boolean text;
    private final Map<String, Shape> children = new HashMap<>();

    private Shape(JsonNode root, JsonNode own) {
        this.root = root;
        String words = own.path(SchemaCheck.WORDING).asText();
        JsonNode target = own;
        while (target.has("$ref")) {
            target = root.at(target.path("$ref").asText().substring(1));
            words = words.isEmpty() ? target.path(SchemaCheck.WORDING).asText() : words;
        }
        this.schema = target;
        this.must = words;
        this.text = schema.path("type").asText().equals("string")
                || (alternatives().anyMatch(Shape::isText) && alternatives().noneMatch(Shape::isWhole));
    }

    static Shape of(JsonNode root) {
        return new Shape(root, root);
    }

    /** The place below, by key. */
    Shape child(String key) {
        return isFree() ? this : children.computeIfAbsent(key, this::find);
    }

    /** The place of every entry of a list; where there should be none, the entries are read as the place itself. */
    Shape item() {
        return children.computeIfAbsent("[]", unused -> listed().orElse(this));
    }

    private Optional<Shape> listed() {
        return schema.has("items")
                ? Optional.of(below(schema.path("items")))
                : alternatives().flatMap(one -> one.listed().stream()).findFirst();
    }

    /** What may stand here instead of each other. */
    private Stream<Shape> alternatives() {
        return StreamSupport.stream(schema.path("anyOf").spliterator(), false).map(one -> new Shape(root, one));
    }

    private Shape find(String key) {
        return schema.has("anyOf")
                ? alternatives()
                        .map(one -> one.child(key))
                        .filter(found -> !found.isFree())
                        .findFirst()
                        .orElse(FREE)
                : named(key);
    }

    private Shape named(String key) {
        JsonNode named = schema.path("properties").path(key);
        return below(named.isMissingNode() ? schema.path("additionalProperties") : named);
    }

    private Shape below(JsonNode place) {
        if (place.isObject()) {
            return new Shape(root, place);
        }
        return place.asBoolean() ? PASSED_ON : FREE;
    }

    /** Whether a plain word here is text whatever it looks like. */
    boolean isText() {
        return text;
    }

    /** Whether only a whole number may stand here. */
    boolean isWhole() {
        return schema.path("type").asText().equals("integer");
    }

    /** Whether text or a whole number may stand here. */
    boolean takesText() {
        return isWhole() || schema.path("anyOf").findValuesAsText("type").contains("string");
    }

    boolean isFlag() {
        return schema.path("type").asText().equals("boolean");
    }

    /** Whether the content goes to the provider as it is. */
    boolean isPassedOn() {
        return this == PASSED_ON;
    }

    boolean isFree() {
        return schema.isMissingNode();
    }

    /** What must stand here, in words, such as {@code text that is not empty}. */
    String must() {
        return must;
    }

    /** Known keys of a mapping. */
    List<String> keys() {
        List<String> keys = new ArrayList<>();
        schema.path("properties").fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    /** The only values there are; empty when any will do. */
    List<String> choices() {
        List<String> choices = new ArrayList<>();
        schema.path("enum").forEach(choice -> choices.add(choice.asText()));
        return choices;
    }
}
