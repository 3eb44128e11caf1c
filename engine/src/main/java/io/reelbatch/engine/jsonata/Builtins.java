package io.reelbatch.engine.jsonata;

import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Jsonata.JFunction;
import com.dashjoin.jsonata.Jsonata.JFunctionCallable;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The functions that Step Functions adds to JSONata, and those that must read the engine's clock. */
final class Builtins {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Builtins() {}

    @SuppressWarnings("NullAway") // an undefined result is null
    static @Nullable JFunction function(String name, Scope scope) {
        return switch (name) {
            case "partition" -> function((input, args) -> partition(args));
            case "range" -> function((input, args) -> range(args));
            case "hash" -> function((input, args) -> hash(args));
            case "random" -> function((input, args) -> random(args, scope.random()));
            case "uuid" -> function((input, args) -> uuid(scope.random()));
            case "parse" -> function((input, args) -> parse(args));
            case "millis" -> function((input, args) -> scope.now().toEpochMilli());
            case "now" -> function((input, args) -> scope.now().toString());
            default -> null;
        };
    }

    private static JFunction function(JFunctionCallable body) {
        return new JFunction(body, null);
    }

    private static @Nullable Object argument(List<?> args, int index) {
        return index < args.size() ? args.get(index) : null;
    }

    private static @Nullable Object partition(List<?> args) {
        int size = argument(args, 1) instanceof Number number ? number.intValue() : 0;
        if (!(argument(args, 0) instanceof List<?> items) || items.isEmpty() || size <= 0) {
            return null;
        }
        List<Object> chunks = new ArrayList<>();
        for (int from = 0; from < items.size(); from += size) {
            chunks.add(new ArrayList<>(items.subList(from, Math.min(items.size(), from + size))));
        }
        return chunks;
    }

    private static @Nullable Object range(List<?> args) {
        if (!(argument(args, 0) instanceof Number first
                && argument(args, 1) instanceof Number last
                && argument(args, 2) instanceof Number by)) {
            return null;
        }
        long step = by.longValue();
        List<Object> values = new ArrayList<>();
        for (long value = first.longValue(); step > 0 && value <= last.longValue(); value += step) {
            values.add(value);
        }
        for (long value = first.longValue(); step < 0 && value >= last.longValue(); value += step) {
            values.add(value);
        }
        return values.isEmpty() ? null : values;
    }

    private static @Nullable Object hash(List<?> args) {
        if (!(argument(args, 0) instanceof String text) || !(argument(args, 1) instanceof String algorithm)) {
            return null;
        }
        try {
            byte[] digest = MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new JException("Unsupported hash algorithm " + algorithm);
        }
    }

    private static Object random(List<?> args, RandomGenerator random) {
        return argument(args, 0) instanceof Number seed
                ? new Random(seed.longValue()).nextDouble()
                : random.nextDouble();
    }

    private static String uuid(RandomGenerator random) {
        long most = (random.nextLong() & ~0xF000L) | 0x4000L;
        long least = (random.nextLong() & ~(3L << 62)) | (2L << 62);
        return new UUID(most, least).toString();
    }

    private static @Nullable Object parse(List<?> args) {
        if (!(argument(args, 0) instanceof String text)) {
            return null;
        }
        try {
            return JsonViews.view(MAPPER.readTree(text));
        } catch (JsonProcessingException e) {
            throw new JException("Unable to parse JSON: " + e.getOriginalMessage());
        }
    }
}
