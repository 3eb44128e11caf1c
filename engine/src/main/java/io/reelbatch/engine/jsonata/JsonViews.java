package io.reelbatch.engine.jsonata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.AbstractList;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The two ways between Jackson's tree and the maps and lists that the evaluator works on. Trees are shown as views, so an
 * expression pays only for what it touches, and a part that comes out untouched is the very node that went in, every
 * digit of its numbers included.
 */
final class JsonViews {
    private JsonViews() {}

    static Object view(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> new ObjectView(node);
            case ARRAY -> new ArrayView(node);
            case STRING -> node.textValue();
            case BOOLEAN -> node.booleanValue();
            case NUMBER -> number(node);
            default -> Types.NULL;
        };
    }

    private static Number number(JsonNode node) {
        if (node.isIntegralNumber() && node.canConvertToLong()) {
            return node.longValue();
        }
        return Numbers.of(node.doubleValue());
    }

    /** The tree of an evaluated value; null for what JSON cannot hold, such as a function. */
    static @Nullable JsonNode node(@Nullable Object value) {
        if (value instanceof ObjectView view) {
            return normalized(view.node);
        }
        if (value instanceof ArrayView view) {
            return normalized(view.node);
        }
        if (value instanceof String text) {
            return TextNode.valueOf(text);
        }
        if (value instanceof Boolean flag) {
            return BooleanNode.valueOf(flag);
        }
        if (value instanceof Number number) {
            return number(number);
        }
        if (value instanceof Map<?, ?> map) {
            return object(map);
        }
        if (value instanceof List<?> list) {
            return array(list);
        }
        return Types.NULL.equals(value) ? NullNode.getInstance() : null;
    }

    private static ObjectNode object(Map<?, ?> map) {
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            JsonNode value = node(entry.getValue());
            result.set(String.valueOf(entry.getKey()), value == null ? absent(entry.getValue()) : value);
        }
        return result;
    }

    private static ArrayNode array(List<?> list) {
        ArrayNode result = JsonNodeFactory.instance.arrayNode(list.size());
        for (Object element : list) {
            JsonNode value = node(element);
            result.add(value == null ? absent(element) : value);
        }
        return result;
    }

    private static JsonNode absent(@Nullable Object value) {
        return value == null ? NullNode.getInstance() : TextNode.valueOf("");
    }

    private static JsonNode number(Number number) {
        if (number instanceof Long value) {
            return (int) (long) value == value ? IntNode.valueOf((int) (long) value) : LongNode.valueOf(value);
        }
        double value = number.doubleValue();
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return TextNode.valueOf(Double.toString(value));
        }
        if (Math.rint(value) == value && Math.abs(value) < 1e21) {
            BigInteger whole = new BigDecimal(Double.toString(value)).toBigInteger();
            return whole.bitLength() < Long.SIZE ? number((Number) whole.longValue()) : BigIntegerNode.valueOf(whole);
        }
        return DoubleNode.valueOf(value);
    }

    /** The same tree with 1 rather than 1.0. */
    private static JsonNode normalized(JsonNode node) {
        if (!hasIntegralDouble(node)) {
            return node;
        }
        if (node.isObject()) {
            ObjectNode copy = JsonNodeFactory.instance.objectNode();
            node.properties().forEach(field -> copy.set(field.getKey(), normalized(field.getValue())));
            return copy;
        }
        if (node.isArray()) {
            ArrayNode copy = JsonNodeFactory.instance.arrayNode(node.size());
            node.forEach(element -> copy.add(normalized(element)));
            return copy;
        }
        return number((Number) node.doubleValue());
    }

    private static boolean hasIntegralDouble(JsonNode node) {
        if (node.isContainerNode()) {
            for (JsonNode child : node) {
                if (hasIntegralDouble(child)) {
                    return true;
                }
            }
            return false;
        }
        return node.isFloatingPointNumber() && Math.rint(node.doubleValue()) == node.doubleValue();
    }

    private static final class ObjectView extends AbstractMap<String, Object> {
        private final JsonNode node;

        ObjectView(JsonNode node) {
            this.node = node;
        }

        @Override
        @SuppressWarnings("NullAway") // Map.get answers null for an absent key
        public Object get(Object key) {
            JsonNode value = node.get((String) key);
            return value == null ? null : view(value);
        }

        @Override
        public boolean containsKey(Object key) {
            return node.has((String) key);
        }

        @Override
        public int size() {
            return node.size();
        }

        @Override
        public Set<Entry<String, Object>> entrySet() {
            return new EntrySet(node);
        }
    }

    private static final class EntrySet extends AbstractSet<Map.Entry<String, Object>> {
        private final JsonNode node;

        EntrySet(JsonNode node) {
            this.node = node;
        }

        @Override
        public Iterator<Map.Entry<String, Object>> iterator() {
            Iterator<Map.Entry<String, JsonNode>> fields = node.properties().iterator();
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return fields.hasNext();
                }

                @Override
                public Map.Entry<String, Object> next() {
                    Map.Entry<String, JsonNode> field = fields.next();
                    return Map.entry(field.getKey(), view(field.getValue()));
                }
            };
        }

        @Override
        public int size() {
            return node.size();
        }
    }

    private static final class ArrayView extends AbstractList<Object> implements RandomAccess {
        private final JsonNode node;

        ArrayView(JsonNode node) {
            this.node = node;
        }

        @Override
        public Object get(int index) {
            JsonNode element = node.get(index);
            if (element == null) {
                throw new IndexOutOfBoundsException(index);
            }
            return view(element);
        }

        @Override
        public int size() {
            return node.size();
        }
    }
}
