package io.reelbatch.engine.jsonata;

import io.reelbatch.engine.jsonata.Callable.Arguments;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The functions on strings. */
final class Strings {
    private static final String UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()";
    private static final String RESERVED = ";/?:@&=+$,#";

    private Strings() {}

    static @Nullable Object string(Arguments arguments) {
        Object value = arguments.get(0);
        return value == null ? null : Text.of(value, Boolean.TRUE.equals(arguments.get(1)));
    }

    static @Nullable Object substring(Arguments arguments) {
        String text = arguments.text(0);
        Double from = arguments.number(1);
        if (text == null) {
            return null;
        }
        int[] points = text.codePoints().toArray();
        int size = points.length;
        double start = from == null ? 0 : from;
        if (size + start < 0) {
            start = 0;
        }
        Double length = arguments.number(2);
        if (length == null) {
            return slice(points, start, size);
        }
        return length <= 0 ? "" : slice(points, start, start >= 0 ? start + length : size + start + length);
    }

    private static String slice(int[] points, double start, double end) {
        int from = bounded(start, points.length);
        int to = bounded(end, points.length);
        return from >= to ? "" : new String(points, from, to - from);
    }

    private static int bounded(double index, int size) {
        double whole = index < 0 ? Math.ceil(index) : Math.floor(index);
        return (int) Math.max(0, Math.min(size, whole < 0 ? size + whole : whole));
    }

    static @Nullable Object before(Arguments arguments) {
        String text = arguments.text(0);
        String part = arguments.text(1);
        int index = text == null || part == null ? -1 : text.indexOf(part);
        return text == null || index < 0 ? text : text.substring(0, index);
    }

    static @Nullable Object after(Arguments arguments) {
        String text = arguments.text(0);
        String part = arguments.text(1);
        int index = text == null || part == null ? -1 : text.indexOf(part);
        return text == null || part == null || index < 0 ? text : text.substring(index + part.length());
    }

    static @Nullable Object lowercase(Arguments arguments) {
        String text = arguments.text(0);
        return text == null ? null : text.toLowerCase(Locale.ROOT);
    }

    static @Nullable Object uppercase(Arguments arguments) {
        String text = arguments.text(0);
        return text == null ? null : text.toUpperCase(Locale.ROOT);
    }

    static @Nullable Object length(Arguments arguments) {
        String text = arguments.text(0);
        return text == null ? null : (long) text.codePointCount(0, text.length());
    }

    static @Nullable Object trim(Arguments arguments) {
        String text = arguments.text(0);
        if (text == null) {
            return null;
        }
        String result = text.replaceAll("[ \t\n\r]+", " ");
        int start = result.startsWith(" ") ? 1 : 0;
        int end = result.length() > start && result.endsWith(" ") ? result.length() - 1 : result.length();
        return result.substring(start, end);
    }

    static @Nullable Object pad(Arguments arguments) {
        String text = arguments.text(0);
        Double width = arguments.number(1);
        if (text == null || width == null) {
            return text;
        }
        String given = arguments.text(2);
        int[] filler =
                (given == null || given.isEmpty() ? " " : given).codePoints().toArray();
        int missing = (int) Math.abs(width) - text.codePointCount(0, text.length());
        if (missing <= 0) {
            return text;
        }
        Evaluator.checkSize(missing);
        int[] padding = new int[missing];
        Arrays.setAll(padding, i -> filler[i % filler.length]);
        String added = new String(padding, 0, missing);
        return width > 0 ? text + added : added + text;
    }

    static @Nullable Object join(Arguments arguments) {
        List<?> list = arguments.list(0);
        if (list == null) {
            return null;
        }
        String separator = arguments.text(1);
        StringBuilder joined = new StringBuilder();
        for (int i = 0; i < list.size(); i++) {
            joined.append(i == 0 || separator == null ? "" : separator).append(list.get(i));
        }
        return joined.toString();
    }

    // Matching

    private static @Nullable Map<?, ?> match(Arguments arguments, @Nullable Object matcher, @Nullable Object text) {
        Object result = text == null
                ? arguments.evaluator().apply(matcher, List.of(), null)
                : arguments.evaluator().apply(matcher, List.of(text), null);
        if (result == null) {
            return null;
        }
        if (result instanceof Map<?, ?> found
                && (found.get("start") instanceof Number
                        || found.get("end") instanceof Number
                        || found.get("groups") instanceof List
                        || found.get("next") instanceof Callable)) {
            return found;
        }
        throw JsonataException.of("T1010");
    }

    private static @Nullable Map<?, ?> next(Arguments arguments, Map<?, ?> found) {
        return match(arguments, found.get("next"), null);
    }

    private static int number(Map<?, ?> found, String name) {
        return found.get(name) instanceof Number number ? number.intValue() : 0;
    }

    private static double limit(Arguments arguments, int index, String code) {
        Double limit = arguments.number(index);
        if (limit != null && limit < 0) {
            throw JsonataException.of(code).value(arguments.get(index)).with("index", index + 1);
        }
        return limit == null ? Double.MAX_VALUE : limit;
    }

    static @Nullable Object contains(Arguments arguments) {
        String text = arguments.text(0);
        if (text == null) {
            return null;
        }
        String part = arguments.text(1);
        return part == null ? match(arguments, arguments.get(1), text) != null : text.contains(part);
    }

    static @Nullable Object match(Arguments arguments) {
        String text = arguments.text(0);
        if (text == null) {
            return null;
        }
        double limit = limit(arguments, 2, "D3040");
        Seq result = Seq.sequence();
        Map<?, ?> found = limit > 0 ? match(arguments, arguments.get(1), text) : null;
        while (found != null && result.size() < limit) {
            Map<String, @Nullable Object> entry = new LinkedHashMap<>();
            entry.put("match", found.get("match"));
            entry.put("index", found.get("start"));
            entry.put("groups", found.get("groups"));
            result.add(entry);
            found = next(arguments, found);
        }
        return result;
    }

    static @Nullable Object split(Arguments arguments) {
        String text = arguments.text(0);
        if (text == null) {
            return null;
        }
        double limit = limit(arguments, 2, "D3020");
        Seq result = new Seq();
        if (limit <= 0) {
            return result;
        }
        if (arguments.get(1) instanceof String separator) {
            splitAt(text, separator, limit, result);
            return result;
        }
        int start = 0;
        Map<?, ?> found = match(arguments, arguments.get(1), text);
        while (found != null && result.size() < limit) {
            result.add(text.substring(start, number(found, "start")));
            start = number(found, "end");
            found = next(arguments, found);
        }
        if (result.size() < limit) {
            result.add(text.substring(start));
        }
        return result;
    }

    private static void splitAt(String text, String separator, double limit, Seq result) {
        int start = 0;
        if (separator.isEmpty()) {
            for (; start < text.length() && result.size() + 1 <= limit; start++) {
                result.add(text.substring(start, start + 1));
            }
            return;
        }
        for (int end = text.indexOf(separator); end >= 0; end = text.indexOf(separator, start)) {
            result.add(text.substring(start, end));
            start = end + separator.length();
        }
        result.add(text.substring(start));
        while (result.size() > Math.floor(limit)) {
            result.remove(result.size() - 1);
        }
    }

    static @Nullable Object replace(Arguments arguments) {
        String text = arguments.text(0);
        if (text == null) {
            return null;
        }
        Object pattern = arguments.get(1);
        if ("".equals(pattern)) {
            throw JsonataException.of("D3010").value(pattern).with("index", 2);
        }
        double limit = limit(arguments, 3, "D3011");
        if (limit <= 0) {
            return text;
        }
        return pattern instanceof String plain
                ? replacePlain(text, plain, arguments, limit)
                : replaceMatches(text, pattern, arguments, limit);
    }

    private static String replacePlain(String text, String pattern, Arguments arguments, double limit) {
        StringBuilder result = new StringBuilder();
        int position = 0;
        int count = 0;
        for (int at = text.indexOf(pattern); at >= 0 && count < limit; at = text.indexOf(pattern, position)) {
            result.append(text, position, at).append(arguments.get(2) instanceof String by ? by : "");
            position = at + pattern.length();
            count++;
        }
        Evaluator.checkSize(result.length());
        return result.append(text.substring(position)).toString();
    }

    private static String replaceMatches(String text, @Nullable Object pattern, Arguments arguments, double limit) {
        StringBuilder result = new StringBuilder();
        int position = 0;
        int count = 0;
        Map<?, ?> found = match(arguments, pattern, text);
        while (found != null && count < limit) {
            result.append(text, position, number(found, "start"));
            Object by = arguments.get(2) instanceof String template
                    ? substituted(template, found)
                    : arguments.call(arguments.function(2), found);
            if (!(by instanceof String replacement)) {
                throw JsonataException.of("D3012").value(by);
            }
            result.append(replacement);
            position =
                    number(found, "start") + String.valueOf(found.get("match")).length();
            count++;
            found = next(arguments, found);
        }
        return result.append(text.substring(position)).toString();
    }

    /** The replacement with {@code $0}, {@code $1}… and {@code $$} filled in. */
    private static String substituted(String template, Map<?, ?> found) {
        List<?> groups = found.get("groups") instanceof List<?> list ? list : List.of();
        StringBuilder result = new StringBuilder();
        int position = 0;
        for (int at = template.indexOf('$'); at >= 0; at = template.indexOf('$', position)) {
            result.append(template, position, at);
            position = at + 1;
            char next = position < template.length() ? template.charAt(position) : ' ';
            if (next == '$') {
                result.append('$');
                position++;
            } else if (next == '0') {
                result.append(found.get("match"));
                position++;
            } else {
                position = group(template, position, groups, result);
            }
        }
        return result.append(template.substring(position)).toString();
    }

    private static int group(String template, int position, List<?> groups, StringBuilder result) {
        int digits = groups.isEmpty() ? 1 : (int) Math.log10(groups.size()) + 1;
        int length = leadingDigits(template, position, digits);
        int number = length == 0 ? -1 : Integer.parseInt(template.substring(position, position + length));
        if (digits > 1 && number > groups.size() && length > 1) {
            length--;
            number = Integer.parseInt(template.substring(position, position + length));
        }
        if (number < 0) {
            result.append('$');
            return position;
        }
        if (number >= 1 && number <= groups.size() && groups.get(number - 1) != null) {
            result.append(groups.get(number - 1));
        }
        return position + String.valueOf(number).length();
    }

    private static int leadingDigits(String text, int start, int most) {
        int length = 0;
        while (length < most && start + length < text.length() && Character.isDigit(text.charAt(start + length))) {
            length++;
        }
        return length;
    }

    // Encoding

    static @Nullable Object base64encode(Arguments arguments) {
        String text = arguments.text(0);
        return text == null ? null : Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    static @Nullable Object base64decode(Arguments arguments) {
        String text = arguments.text(0);
        if (text == null) {
            return null;
        }
        try {
            return new String(Base64.getMimeDecoder().decode(text), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw JsonataException.plain("Invalid base64 text: " + e.getMessage());
        }
    }

    static @Nullable Object encode(Arguments arguments, boolean component) {
        String text = arguments.text(0);
        if (text == null) {
            return null;
        }
        try {
            ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(java.nio.CharBuffer.wrap(text));
            StringBuilder result = new StringBuilder();
            while (bytes.hasRemaining()) {
                char c = (char) (bytes.get() & 0xff);
                if (UNRESERVED.indexOf(c) >= 0 || (!component && RESERVED.indexOf(c) >= 0)) {
                    result.append(c);
                } else {
                    result.append(String.format("%%%02X", (int) c));
                }
            }
            return result.toString();
        } catch (CharacterCodingException e) {
            throw malformed(text, component ? "encodeUrlComponent" : "encodeUrl");
        }
    }

    static @Nullable Object decode(Arguments arguments, boolean component) {
        String text = arguments.text(0);
        if (text == null) {
            return null;
        }
        byte[] source = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(source.length);
        try {
            for (int i = 0; i < source.length; i++) {
                if (source[i] != '%') {
                    bytes.put(source[i]);
                } else {
                    int value = Integer.parseInt(new String(source, i + 1, 2, StandardCharsets.UTF_8), 16);
                    if (!component && RESERVED.indexOf(value) >= 0) {
                        bytes.put(source, i, 3);
                    } else {
                        bytes.put((byte) value);
                    }
                    i += 2;
                }
            }
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (NumberFormatException | IndexOutOfBoundsException | CharacterCodingException e) {
            throw malformed(text, component ? "decodeUrlComponent" : "decodeUrl");
        }
    }

    private static JsonataException malformed(String text, String function) {
        return JsonataException.of("D3140").value(text).with("functionName", function);
    }
}
