package io.reelbatch.engine.jsonata;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values as text. */
final class Text {
    private Text() {}

    /** The string that $string gives. */
    static String of(Object value, boolean pretty) {
        if (value instanceof String text) {
            return text;
        }
        if (value instanceof Callable) {
            return "";
        }
        if (value instanceof Number number && !Double.isFinite(number.doubleValue())) {
            throw JsonataException.of("D3001").value(value);
        }
        StringBuilder out = new StringBuilder();
        write(value, out, pretty ? "\n" : "", true);
        return out.toString();
    }

    /** A value as a message shows it. */
    static String json(@Nullable Object value) {
        if (value == null || value instanceof Callable) {
            return "undefined";
        }
        StringBuilder out = new StringBuilder();
        write(value, out, "", false);
        return out.toString();
    }

    private static void write(@Nullable Object value, StringBuilder out, String line, boolean rounded) {
        if (value instanceof String text) {
            quote(text, out);
        } else if (value instanceof Number number) {
            if (Double.isFinite(number.doubleValue())) {
                out.append(Numbers.text(rounded ? Numbers.rounded(number) : number));
            } else if (rounded && Double.isInfinite(number.doubleValue())) {
                throw JsonataException.of("D1001").value(value);
            } else {
                out.append("null");
            }
        } else if (value instanceof Boolean) {
            out.append(value);
        } else if (value instanceof List<?> list) {
            writeList(list, out, line, rounded);
        } else if (value instanceof Map<?, ?> map) {
            writeMap(map, out, line, rounded);
        } else {
            out.append(value instanceof Callable ? "\"\"" : "null");
        }
    }

    private static void writeList(List<?> list, StringBuilder out, String line, boolean rounded) {
        String inner = line.isEmpty() ? "" : line + "  ";
        out.append('[');
        for (int i = 0; i < list.size(); i++) {
            out.append(i == 0 ? "" : ",").append(inner);
            write(list.get(i), out, inner, rounded);
        }
        out.append(list.isEmpty() ? "" : line).append(']');
    }

    private static void writeMap(Map<?, ?> map, StringBuilder out, String line, boolean rounded) {
        String inner = line.isEmpty() ? "" : line + "  ";
        out.append('{');
        boolean first = true;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (entry.getValue() == null) {
                continue;
            }
            out.append(first ? "" : ",").append(inner);
            first = false;
            quote(String.valueOf(entry.getKey()), out);
            out.append(line.isEmpty() ? ":" : ": ");
            write(entry.getValue(), out, inner, rounded);
        }
        out.append(first ? "" : line).append('}');
    }

    private static void quote(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ' || isLoneSurrogate(text, i)) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private static boolean isLoneSurrogate(String text, int index) {
        char c = text.charAt(index);
        if (Character.isHighSurrogate(c)) {
            return index + 1 >= text.length() || !Character.isLowSurrogate(text.charAt(index + 1));
        }
        return Character.isLowSurrogate(c) && (index == 0 || !Character.isHighSurrogate(text.charAt(index - 1)));
    }
}
