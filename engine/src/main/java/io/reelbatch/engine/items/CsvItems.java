package io.reelbatch.engine.items;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One item a row: an object of strings by column name. Quotes work as in RFC 4180. */
public final class CsvItems implements ItemSource {
    private final BufferedReader reader;
    private final char delimiter;
    private final List<String> headers;
    private int pushedBack = -2;

    /**
     * Items of a file in UTF-8.
     *
     * @param headers the names of the columns; the first row, if empty
     */
    public CsvItems(InputStream input, Optional<List<String>> headers, char delimiter) throws IOException {
        this.reader = new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8));
        this.delimiter = delimiter;
        this.headers =
                headers.isPresent() ? headers.get() : row().orElseThrow(() -> new IOException("the CSV is empty"));
    }

    @Override
    public Optional<JsonNode> next() throws IOException {
        Optional<List<String>> row = row();
        while (row.isPresent() && row.get().size() == 1 && row.get().get(0).isEmpty()) {
            row = row();
        }
        if (row.isEmpty()) {
            return Optional.empty();
        }
        ObjectNode item = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < headers.size(); i++) {
            item.put(headers.get(i), i < row.get().size() ? row.get().get(i) : "");
        }
        return Optional.of(item);
    }

    private Optional<List<String>> row() throws IOException {
        List<String> cells = new ArrayList<>();
        int c = read();
        if (c < 0) {
            return Optional.empty();
        }
        while (true) {
            StringBuilder cell = new StringBuilder();
            c = c == '"' ? quoted(cell) : c;
            while (c >= 0 && c != delimiter && c != '\n' && c != '\r') {
                cell.append((char) c);
                c = read();
            }
            cells.add(cell.toString());
            if (c != delimiter) {
                endOfLine(c);
                return Optional.of(cells);
            }
            c = read();
        }
    }

    /** Reads up to the closing quote; gives what follows it. */
    private int quoted(StringBuilder cell) throws IOException {
        while (true) {
            int c = read();
            if (c < 0) {
                throw new IOException("a quoted CSV field does not end");
            }
            if (c == '"') {
                int next = read();
                if (next != '"') {
                    return next;
                }
            }
            cell.append((char) c);
        }
    }

    private void endOfLine(int c) throws IOException {
        if (c == '\r') {
            int next = read();
            if (next != '\n') {
                pushedBack = next;
            }
        }
    }

    private int read() throws IOException {
        if (pushedBack != -2) {
            int c = pushedBack;
            pushedBack = -2;
            return c;
        }
        return reader.read();
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
