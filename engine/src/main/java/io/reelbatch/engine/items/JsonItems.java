package io.reelbatch.engine.items;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.filter.FilteringParserDelegate;
import com.fasterxml.jackson.core.filter.JsonPointerBasedFilter;
import com.fasterxml.jackson.core.filter.TokenFilter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** The elements of one JSON array, or the entries of one object, as Key and Value. */
public final class JsonItems implements ItemSource {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final JsonParser parser;
    private final boolean entries;

    /**
     * Items of a document.
     *
     * @param pointer the JSON pointer of the array in the document; the document itself, if empty
     * @throws IOException if there is neither an array nor an object
     */
    public JsonItems(InputStream input, Optional<String> pointer) throws IOException {
        JsonParser whole = MAPPER.getFactory().createParser(input);
        parser = pointer.isEmpty()
                ? whole
                : new FilteringParserDelegate(
                        whole,
                        new JsonPointerBasedFilter(JsonPointer.compile(pointer.get())),
                        TokenFilter.Inclusion.ONLY_INCLUDE_ALL,
                        false);
        JsonToken first = parser.nextToken();
        if (first != JsonToken.START_ARRAY && first != JsonToken.START_OBJECT) {
            throw new IOException("the JSON is neither an array nor an object");
        }
        entries = first == JsonToken.START_OBJECT;
    }

    @Override
    public Optional<JsonNode> next() throws IOException {
        JsonToken token = parser.nextToken();
        if (token == null) {
            throw new IOException("the JSON ends in the middle");
        }
        if (token == JsonToken.END_ARRAY || token == JsonToken.END_OBJECT) {
            return Optional.empty();
        }
        if (!entries) {
            return Optional.of(MAPPER.readTree(parser));
        }
        ObjectNode entry = MAPPER.createObjectNode();
        entry.put("Key", parser.currentName());
        parser.nextToken();
        entry.set("Value", MAPPER.<JsonNode>readTree(parser));
        return Optional.of(entry);
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
