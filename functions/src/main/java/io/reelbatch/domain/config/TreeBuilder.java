package io.reelbatch.domain.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Shared by the readers of YAML and JSON: finds duplicate keys, records lines, and limits size and depth. */
final class TreeBuilder {
    private static final int DEEPEST = 64;
    /** A file of the greatest size weighs less; one that unfolds to more would fill the memory. */
    private static final long HEAVIEST = 160L * 1024 * 1024;

    private static final int WEIGHT_OF_A_VALUE = 16;

    private final String file;
    private final Lines lines = new Lines();
    private final List<Found> problems = new ArrayList<>();
    private final List<String> path = new ArrayList<>();
    private long weight;
    private int depth;
    private int deepest;

    private record Found(List<String> path, int line, String message) {}

    TreeBuilder(String file) {
        this.file = file;
    }

    Source finish(JsonNode root) {
        List<ConfigProblem> named = problems.stream()
                .map(found -> Places.problem(file, root, found.path(), Optional.of(found.line()), found.message()))
                .toList();
        return new Source(file, root, lines, named, Optional.empty());
    }

    /** How much was read so far, repeated parts counted each time. */
    long weight() {
        return weight;
    }

    /** Counts a mapping or list. */
    void value() {
        add(WEIGHT_OF_A_VALUE);
    }

    /** Counts and checks a text. */
    void text(String text, int line) {
        add(WEIGHT_OF_A_VALUE + text.length());
        if (isBroken(text)) {
            problem(line, "has half a character (a lone surrogate such as \\ud83d); write the whole character");
        }
    }

    private static boolean isBroken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (Character.isSurrogate(unit)) {
                if (Character.isLowSurrogate(unit)
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    return true;
                }
                i++;
            }
        }
        return false;
    }

    /** Counts a part that is used once more. */
    void repeat(long more, int height, int line) {
        add(more);
        checkDepth(depth + height, line);
    }

    private void add(long more) {
        weight += more;
        if (weight > HEAVIEST) {
            throw failure(
                    Optional.empty(),
                    "holds too many values once every anchor is unfolded; write a smaller file or split the batch");
        }
    }

    void enter(int line) {
        checkDepth(++depth, line);
    }

    private void checkDepth(int level, int line) {
        deepest = Math.max(deepest, level);
        if (level > DEEPEST) {
            throw failure(Optional.of(line), "is nested more than " + DEEPEST + " levels deep");
        }
    }

    /** Starts to measure how many levels a part has; what is returned goes to {@link #endHeight}. */
    int startHeight() {
        int above = deepest;
        deepest = depth;
        return above;
    }

    /** How many levels the part has that was read since {@link #startHeight}. */
    int endHeight(int above) {
        int height = deepest - depth;
        deepest = Math.max(above, deepest);
        return height;
    }

    void leave() {
        depth--;
    }

    /** Goes one step down: to a key, or to a place in a list. */
    void push(String step) {
        path.add(step);
    }

    void pop() {
        path.remove(path.size() - 1);
    }

    /** Something wrong at the step that was last gone to. */
    void problem(int line, String message) {
        problems.add(new Found(List.copyOf(path), line, message));
    }

    /** For what ends the reading. */
    InvalidConfigException failure(Optional<Integer> line, String message) {
        return new InvalidConfigException(
                List.of(new ConfigProblem(file, line, Optional.empty(), Optional.empty(), message)), Optional.empty());
    }

    /** A mapping as it is read. */
    final class Mapping {
        private final ObjectNode node = JsonNodeFactory.instance.objectNode();
        private final Shape shape;
        private final LineList entries = new LineList();

        Mapping(Shape shape) {
            this.shape = shape;
        }

        void put(String key, JsonNode value, int line) {
            if (value.isNull() && !shape.child(key).isFree()) {
                return;
            }
            if (node.has(key)) {
                int first = lines.of(node, key).orElseGet(() -> entries.get(indexOf(key)));
                problem(line, "is given twice (first on line " + first + ")");
                return;
            }
            node.set(key, value);
            entries.add(line);
        }

        /** What YAML's {@code <<} brings in: keys that the mapping does not have itself. */
        void merge(JsonNode source) {
            for (Map.Entry<String, JsonNode> entry : source.properties()) {
                if (!node.has(entry.getKey())) {
                    node.set(entry.getKey(), entry.getValue());
                    entries.add(lines.of(source, entry.getKey()).orElse(0));
                }
            }
        }

        private int indexOf(String key) {
            int index = 0;
            for (Map.Entry<String, JsonNode> entry : node.properties()) {
                if (entry.getKey().equals(key)) {
                    return index;
                }
                index++;
            }
            return -1;
        }

        ObjectNode finish() {
            lines.put(node, entries.toArray());
            return node;
        }
    }

    /** A list as it is read. */
    final class Listing {
        private final ArrayNode node = JsonNodeFactory.instance.arrayNode();
        private final LineList entries = new LineList();

        int size() {
            return node.size();
        }

        void add(JsonNode value, int line) {
            node.add(value);
            entries.add(line);
        }

        ArrayNode finish() {
            lines.put(node, entries.toArray());
            return node;
        }
    }

    /** Line numbers, without a box around each. */
    private static final class LineList {
        private int[] values = new int[8];
        private int size;

        void add(int line) {
            if (size == values.length) {
                values = Arrays.copyOf(values, size * 2);
            }
            values[size++] = line;
        }

        int get(int index) {
            return values[index];
        }

        int[] toArray() {
            return Arrays.copyOf(values, size);
        }
    }
}
