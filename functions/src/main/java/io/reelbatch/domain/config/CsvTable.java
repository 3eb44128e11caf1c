package io.reelbatch.domain.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A CSV file as RFC 4180 has it: commas, double quotes, a first row that names the columns. Empty rows are none.
 *
 * @param file its name
 * @param header line of the first row
 * @param columns by their place
 * @param problems rows that do not fit
 */
record CsvTable(String file, int header, List<String> columns, List<Row> rows, List<ConfigProblem> problems) {
    private static final int MOST_ROWS = 100_000;

    /**
     * A row after the first.
     *
     * @param line where it begins, from 1
     */
    record Row(int line, List<String> cells) {
        private boolean isEmpty() {
            return cells.stream().allMatch(String::isBlank);
        }
    }

    /** Reads a file; throws {@link InvalidConfigException} where it is no table with a header and a row. */
    static CsvTable read(String file, byte[] content) {
        if (content.length > ConfigReader.MAX_BYTES) {
            throw failure(file, Optional.empty(), "is larger than 64 MB; split the batch");
        }
        int start = Utf8.start(file, content);
        try (CsvParser parser = new CsvFactory().createParser(content, start, content.length - start)) {
            Optional<Row> first = next(parser);
            Row header = first.orElseThrow(() -> failure(
                    file, Optional.empty(), "is empty; its first row must name the columns, such as name,prompt"));
            List<String> columns = header.cells().stream().map(String::strip).toList();
            checkHeader(file, header.line(), columns);
            List<ConfigProblem> problems = new ArrayList<>();
            List<Row> rows = rows(file, parser, columns.size(), problems);
            if (rows.isEmpty() && problems.isEmpty()) {
                throw failure(file, Optional.empty(), "has no row under the one that names its columns");
            }
            return new CsvTable(file, header.line(), columns, rows, problems);
        } catch (JsonProcessingException e) {
            String why = Quoting.plain(e.getOriginalMessage(), 200);
            throw failure(file, Optional.of(e.getLocation().getLineNr()), "is not CSV: " + why);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void checkHeader(String file, int line, List<String> columns) {
        Set<String> known = new HashSet<>();
        for (int i = 0; i < columns.size(); i++) {
            String column = columns.get(i);
            if (column.isEmpty()) {
                throw failure(
                        file, Optional.of(line), "column " + (i + 1) + " has no name; the first row names them all");
            }
            if (!known.add(column)) {
                throw failure(
                        file,
                        Optional.of(line),
                        "has two columns " + Quoting.quoted(column, 60) + "; rename one of them");
            }
        }
        if (columns.size() == 1
                && (columns.get(0).contains(";") || columns.get(0).contains("\t"))) {
            throw failure(file, Optional.of(line), "has no comma between its columns; save it as CSV with commas");
        }
    }

    private static List<Row> rows(String file, CsvParser parser, int width, List<ConfigProblem> problems)
            throws IOException {
        List<Row> rows = new ArrayList<>();
        Map<List<String>, Integer> seen = new HashMap<>();
        for (Optional<Row> next = next(parser); next.isPresent(); next = next(parser)) {
            Row row = next.get();
            int cells = row.cells().size();
            Optional<Integer> line = Optional.of(row.line());
            if (cells != width) {
                String message = "the row has " + cells + " cells, and the first row names " + width + " columns"
                        + (cells > width ? "; put a text that has a comma in double quotes" : "");
                problems.add(problem(file, line, message));
            } else if (seen.putIfAbsent(row.cells(), row.line()) != null) {
                String message = "the row is the same as the one on line " + seen.get(row.cells())
                        + ", and would be paid for twice; remove one of them";
                problems.add(problem(file, line, message));
            } else {
                rows.add(row);
            }
            if (rows.size() + problems.size() > MOST_ROWS) {
                throw failure(file, Optional.empty(), "has more than 100,000 rows; split the batch");
            }
        }
        return rows;
    }

    /** The next row in which anything stands. */
    private static Optional<Row> next(CsvParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.START_ARRAY) {
            int line = parser.currentLocation().getLineNr();
            List<String> cells = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                cells.add(parser.getText());
            }
            Row row = new Row(line, List.copyOf(cells));
            if (!row.isEmpty()) {
                return Optional.of(row);
            }
        }
        return Optional.empty();
    }

    private static ConfigProblem problem(String file, Optional<Integer> line, String message) {
        return new ConfigProblem(file, line, Optional.empty(), Optional.empty(), message);
    }

    private static InvalidConfigException failure(String file, Optional<Integer> line, String message) {
        return new InvalidConfigException(List.of(problem(file, line, message)), Optional.empty());
    }
}
