package io.reelbatch.domain.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Texts with {@code {{column}}} in them. What goes in is text and stays it: it is neither YAML nor a template itself. */
final class Placeholders {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^{}]*)}}");

    private Placeholders() {}

    /** Whether any text of the tree has one. */
    static boolean isIn(JsonNode node) {
        return !names(node).isEmpty();
    }

    /** All that the texts of the tree name. */
    static Set<String> names(JsonNode node) {
        Set<String> names = new TreeSet<>();
        collect(node, names);
        return names;
    }

    /** Whether the text is one placeholder and nothing else. */
    static boolean isAll(String text) {
        return PLACEHOLDER.matcher(text).matches();
    }

    private static void collect(JsonNode node, Set<String> names) {
        if (node.isTextual()) {
            Matcher found = PLACEHOLDER.matcher(node.textValue());
            while (found.find()) {
                names.add(found.group(1).strip());
            }
        }
        node.forEach(below -> collect(below, names));
    }

    /** The tree with each placeholder replaced by what {@code cell} gives for its name; parts without one are shared. */
    static JsonNode fill(JsonNode node, UnaryOperator<String> cell) {
        if (node.isTextual()) {
            return JsonNodeFactory.instance.textNode(fill(node.textValue(), cell));
        }
        if (!isIn(node)) {
            return node;
        }
        if (node instanceof ArrayNode list) {
            ArrayNode filled = JsonNodeFactory.instance.arrayNode(list.size());
            list.forEach(item -> filled.add(fill(item, cell)));
            return filled;
        }
        ObjectNode filled = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            filled.set(entry.getKey(), fill(entry.getValue(), cell));
        }
        return filled;
    }

    private static String fill(String text, UnaryOperator<String> cell) {
        return PLACEHOLDER
                .matcher(text)
                .replaceAll(found ->
                        Matcher.quoteReplacement(cell.apply(found.group(1).strip())));
    }
}
