package io.reelbatch.engine.items;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** One item a line. */
public final class JsonLines implements ItemSource {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final BufferedReader reader;
    private long line;

    /** Items of a file in UTF-8. */
    public JsonLines(InputStream input) {
        reader = new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8));
    }

    @Override
    public Optional<JsonNode> next() throws IOException {
        for (String text = reader.readLine(); text != null; text = reader.readLine()) {
            line++;
            if (!text.isBlank()) {
                try {
                    return Optional.of(MAPPER.readTree(text));
                } catch (JsonProcessingException e) {
                    throw new IOException("line " + line + " is not JSON: " + e.getOriginalMessage(), e);
                }
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
