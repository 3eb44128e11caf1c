package io.reelbatch.domain.config;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.reelbatch.domain.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Reads JSON. */
final class JsonSource {
    private final TreeBuilder builder;
    private final JsonParser parser;

    private JsonSource(String file, JsonParser parser) {
        this.builder = new TreeBuilder(file);
        this.parser = parser;
    }

    /**
     * The tree of a JSON text.
     *
     * @param offset where in {@code content} the text starts, after a byte order mark
     */
    static Source read(String file, byte[] content, int offset, Shape shape) {
        try (JsonParser parser = Json.mapper().getFactory().createParser(content, offset, content.length - offset)) {
            JsonSource source = new JsonSource(file, parser);
            return source.document(shape);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Source document(Shape shape) throws IOException {
        try {
            if (parser.nextToken() == null) {
                throw builder.failure(Optional.empty(), "is empty");
            }
            JsonNode root = node(shape);
            if (parser.nextToken() != null) {
                throw builder.failure(Optional.of(line()), "has something after the end of its JSON");
            }
            return builder.finish(root);
        } catch (JsonParseException | StreamConstraintsException e) {
            throw builder.failure(
                    Optional.of(e.getLocation().getLineNr()), "is not JSON: " + why(e.getOriginalMessage()));
        }
    }

    /** The parser's words for programmers, in those of the people who write configs. */
    private static String why(String message) {
        if (message.contains("comment")) {
            return "it takes no comments; a config with comments can be YAML";
        }
        if (message.startsWith("Unexpected end-of-input")) {
            return "it ends too early; a closing }, ] or double quote is missing";
        }
        if (message.startsWith("Unexpected character ('}'") || message.startsWith("Unexpected character (']'")) {
            return "there is a comma before this " + message.charAt("Unexpected character ('".length())
                    + ", or a value is missing";
        }
        if (message.contains("expecting double-quote to start field name")) {
            return "the name of a field must stand in double quotes";
        }
        if (message.contains("expecting comma to separate")) {
            return "a comma or a closing } or ] is missing before this";
        }
        return Quoting.plain(message.replaceFirst(" \\(code \\d+\\)", ""), 200);
    }

    private JsonNode node(Shape shape) throws IOException {
        int line = line();
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> mapping(shape, line);
            case START_ARRAY -> listing(shape, line);
            default -> scalar(token, shape, line);
        };
    }

    private JsonNode mapping(Shape shape, int line) throws IOException {
        builder.enter(line);
        builder.value();
        TreeBuilder.Mapping mapping = builder.new Mapping(shape);
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            int keyLine = line();
            parser.nextToken();
            builder.push(key);
            mapping.put(key, node(shape.child(key)), keyLine);
            builder.pop();
        }
        builder.leave();
        return mapping.finish();
    }

    private JsonNode listing(Shape shape, int line) throws IOException {
        builder.enter(line);
        builder.value();
        TreeBuilder.Listing listing = builder.new Listing();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            int itemLine = line();
            builder.push(String.valueOf(listing.size()));
            listing.add(node(shape.item()), itemLine);
            builder.pop();
        }
        builder.leave();
        return listing.finish();
    }

    private JsonNode scalar(JsonToken token, Shape shape, int line) throws IOException {
        String text = parser.getText();
        builder.text(text, line);
        return switch (token) {
            case VALUE_NULL -> JsonNodeFactory.instance.nullNode();
            case VALUE_TRUE, VALUE_FALSE -> JsonNodeFactory.instance.booleanNode(token == JsonToken.VALUE_TRUE);
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
                shape.isText() ? JsonNodeFactory.instance.textNode(text) : Scalars.number(text);
            default -> JsonNodeFactory.instance.textNode(text);
        };
    }

    private int line() {
        return parser.currentTokenLocation().getLineNr();
    }
}
