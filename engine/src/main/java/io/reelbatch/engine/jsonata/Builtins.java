package io.reelbatch.engine.jsonata;

import com.dashjoin.jsonata.utils.DateTimeUtils;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.reelbatch.engine.jsonata.Callable.Arguments;
import io.reelbatch.engine.jsonata.Callable.Body;
import io.reelbatch.engine.jsonata.Callable.Native;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Every function that an expression can call, with its signature. */
final class Builtins {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Pattern ISO_8601 = Pattern.compile(
            "\\d{4}(-[01]\\d)*(-[0-3]\\d)*(T[0-2]\\d:[0-5]\\d:[0-5]\\d)*(\\.\\d+)?([+-][0-2]\\d:?[0-5]\\d|Z)?");
    private static final Pattern DECIMAL = Pattern.compile("-?[0-9]+(\\.[0-9]+)?([Ee][-+]?[0-9]+)?");
    private static final Pattern HEX = Pattern.compile("0[xX][0-9A-Fa-f]+");
    private static final Pattern OCTAL = Pattern.compile("0[oO][0-7]+");
    private static final Pattern BINARY = Pattern.compile("0[bB][01]+");
    private static final Set<String> ALGORITHMS = Set.of("MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512");

    private static final Map<String, Native> FUNCTIONS = functions();

    private Builtins() {}

    /** The function of that name; null if there is none. */
    static @Nullable Native function(String name) {
        return FUNCTIONS.get(name);
    }

    private static Map<String, Native> functions() {
        Map<String, Native> functions = new HashMap<>();
        arrays(functions);
        strings(functions);
        numbers(functions);
        values(functions);
        times(functions);
        stepFunctions(functions);
        return Map.copyOf(functions);
    }

    private static void put(Map<String, Native> functions, String name, String signature, int arity, Body body) {
        functions.put(name, new Native(name, arity, arity, Signature.parse(signature), body));
    }

    private static void arrays(Map<String, Native> functions) {
        put(functions, "sum", "<a<n>:n>", 1, Functions::sum);
        put(functions, "count", "<a:n>", 1, Functions::count);
        put(functions, "max", "<a<n>:n>", 1, arguments -> Functions.extreme(arguments, true));
        put(functions, "min", "<a<n>:n>", 1, arguments -> Functions.extreme(arguments, false));
        put(functions, "average", "<a<n>:n>", 1, Functions::average);
        put(functions, "map", "<af>", 2, Functions::map);
        put(functions, "filter", "<af>", 2, Functions::filter);
        put(functions, "single", "<af?>", 2, Functions::single);
        put(functions, "reduce", "<afj?:j>", 3, Functions::reduce);
        put(functions, "sift", "<o-f?:o>", 2, Functions::sift);
        put(functions, "each", "<o-f:a>", 2, Functions::each);
        put(functions, "sort", "<af?:a>", 2, Functions::sort);
        put(functions, "zip", "<a+>", 0, Functions::zip);
        put(functions, "reverse", "<a:a>", 1, Functions::reverse);
        put(functions, "shuffle", "<a:a>", 1, Functions::shuffle);
        put(functions, "distinct", "<x:x>", 1, Functions::distinct);
        put(functions, "append", "<xx:a>", 2, arguments -> Functions.append(arguments.get(0), arguments.get(1)));
        put(functions, "keys", "<x-:a<s>>", 1, arguments -> Functions.keys(arguments.get(0)));
        put(functions, "lookup", "<x-s:x>", 2, Builtins::lookup);
        put(functions, "spread", "<x-:a<o>>", 1, arguments -> Functions.spread(arguments.get(0)));
        put(functions, "merge", "<a<o>:o>", 1, Functions::merge);
    }

    private static void strings(Map<String, Native> functions) {
        put(functions, "string", "<x-b?:s>", 1, Strings::string);
        put(functions, "substring", "<s-nn?:s>", 3, Strings::substring);
        put(functions, "substringBefore", "<s-s:s>", 2, Strings::before);
        put(functions, "substringAfter", "<s-s:s>", 2, Strings::after);
        put(functions, "lowercase", "<s-:s>", 1, Strings::lowercase);
        put(functions, "uppercase", "<s-:s>", 1, Strings::uppercase);
        put(functions, "length", "<s-:n>", 1, Strings::length);
        put(functions, "trim", "<s-:s>", 1, Strings::trim);
        put(functions, "pad", "<s-ns?:s>", 3, Strings::pad);
        put(functions, "match", "<s-f<s:o>n?:a<o>>", 3, Strings::match);
        put(functions, "contains", "<s-(sf):b>", 2, Strings::contains);
        put(functions, "replace", "<s-(sf)(sf)n?:s>", 4, Strings::replace);
        put(functions, "split", "<s-(sf)n?:a<s>>", 3, Strings::split);
        put(functions, "join", "<a<s>s?:s>", 2, Strings::join);
        put(functions, "base64encode", "<s-:s>", 1, Strings::base64encode);
        put(functions, "base64decode", "<s-:s>", 1, Strings::base64decode);
        put(functions, "encodeUrlComponent", "<s-:s>", 1, arguments -> Strings.encode(arguments, true));
        put(functions, "encodeUrl", "<s-:s>", 1, arguments -> Strings.encode(arguments, false));
        put(functions, "decodeUrlComponent", "<s-:s>", 1, arguments -> Strings.decode(arguments, true));
        put(functions, "decodeUrl", "<s-:s>", 1, arguments -> Strings.decode(arguments, false));
    }

    private static void numbers(Map<String, Native> functions) {
        put(functions, "formatNumber", "<n-so?:s>", 3, Builtins::formatNumber);
        put(functions, "formatBase", "<n-n?:s>", 2, Builtins::formatBase);
        put(functions, "formatInteger", "<n-s:s>", 2, Builtins::formatInteger);
        put(functions, "parseInteger", "<s-s:n>", 2, Builtins::parseInteger);
        put(functions, "number", "<(nsb)-:n>", 1, arguments -> number(arguments.get(0)));
        put(functions, "floor", "<n-:n>", 1, arguments -> of(arguments, Math::floor));
        put(functions, "ceil", "<n-:n>", 1, arguments -> of(arguments, Math::ceil));
        put(functions, "abs", "<n-:n>", 1, arguments -> of(arguments, Math::abs));
        put(functions, "round", "<n-n?:n>", 2, Builtins::round);
        put(functions, "sqrt", "<n-:n>", 1, Builtins::sqrt);
        put(functions, "power", "<n-n:n>", 2, Builtins::power);
    }

    private static void values(Map<String, Native> functions) {
        put(functions, "boolean", "<x-:b>", 1, arguments -> Types.toBoolean(arguments.get(0)));
        put(functions, "not", "<x-:b>", 1, Builtins::not);
        put(functions, "exists", "<x:b>", 1, arguments -> arguments.get(0) != null);
        put(functions, "type", "<x:s>", 1, arguments -> Types.name(arguments.get(0)));
        put(functions, "error", "<s?:x>", 1, Builtins::error);
        put(functions, "assert", "<bs?:x>", 2, Builtins::check);
        put(functions, "clone", "<(oa)-:o>", 1, Builtins::copied);
    }

    private static void times(Map<String, Native> functions) {
        put(functions, "toMillis", "<s-s?:n>", 2, Builtins::toMillis);
        put(functions, "fromMillis", "<n-s?s?:s>", 3, Builtins::fromMillis);
        put(functions, "now", "<s?s?:s>", 2, Builtins::now);
        put(
                functions,
                "millis",
                "<:n>",
                0,
                arguments -> now(arguments.evaluator()).toEpochMilli());
    }

    private static void stepFunctions(Map<String, Native> functions) {
        put(functions, "partition", "<an:a>", 2, Functions::partition);
        put(functions, "range", "<nnn:a>", 3, Functions::range);
        put(functions, "hash", "<s-s:s>", 2, Builtins::hash);
        put(functions, "random", "<n?:n>", 1, Builtins::random);
        put(functions, "uuid", "<:s>", 0, Builtins::uuid);
        put(functions, "parse", "<s-:x>", 1, Builtins::parse);
    }

    private static @Nullable Object copied(Arguments arguments) {
        Object value = arguments.get(0);
        return value == null ? null : Transformation.copy(value);
    }

    private static @Nullable Object lookup(Arguments arguments) {
        return Functions.lookup(arguments.get(0), String.valueOf(arguments.get(1)));
    }

    private static @Nullable Object not(Arguments arguments) {
        Boolean value = Types.toBoolean(arguments.get(0));
        return value == null ? null : !value;
    }

    private static Object error(Arguments arguments) {
        String message = arguments.text(0);
        throw JsonataException.of("D3137")
                .with("message", message == null || message.isEmpty() ? "$error() function evaluated" : message);
    }

    private static @Nullable Object check(Arguments arguments) {
        if (Boolean.TRUE.equals(arguments.get(0))) {
            return null;
        }
        String message = arguments.text(1);
        throw JsonataException.of("D3141")
                .with("message", message == null || message.isEmpty() ? "$assert() statement failed" : message);
    }

    private static @Nullable Object of(Arguments arguments, java.util.function.DoubleUnaryOperator operator) {
        Double value = arguments.number(0);
        return value == null ? null : Numbers.of(operator.applyAsDouble(value));
    }

    private static @Nullable Object round(Arguments arguments) {
        Double precision = arguments.number(1);
        return arguments.get(0) instanceof Number value
                ? Numbers.round(value, precision == null ? 0 : (int) (double) precision)
                : null;
    }

    private static @Nullable Object sqrt(Arguments arguments) {
        Double value = arguments.number(0);
        if (value != null && value < 0) {
            throw JsonataException.of("D3060").value(arguments.get(0)).with("index", 1);
        }
        return value == null ? null : Numbers.of(Math.sqrt(value));
    }

    private static @Nullable Object power(Arguments arguments) {
        Double base = arguments.number(0);
        Double exponent = arguments.number(1);
        if (base == null) {
            return null;
        }
        double result = exponent == null ? Double.NaN : Math.pow(base, exponent);
        if (!Double.isFinite(result)) {
            throw JsonataException.of("D3061").value(arguments.get(0)).with("exp", arguments.get(1));
        }
        return Numbers.of(result);
    }

    private static @Nullable Object number(@Nullable Object value) {
        if (value == null || value instanceof Number) {
            return value;
        }
        if (value instanceof Boolean flag) {
            return flag ? 1L : 0L;
        }
        if (value instanceof String text) {
            if (DECIMAL.matcher(text).matches() && Double.isFinite(Double.parseDouble(text))) {
                return decimal(text);
            }
            if (HEX.matcher(text).matches()) {
                return Long.parseLong(text.substring(2), 16);
            } else if (OCTAL.matcher(text).matches()) {
                return Long.parseLong(text.substring(2), 8);
            } else if (BINARY.matcher(text).matches()) {
                return Long.parseLong(text.substring(2), 2);
            }
        }
        throw JsonataException.of("D3030").value(value).with("index", 1);
    }

    private static Number decimal(String text) {
        return Numbers.of(Double.parseDouble(text));
    }

    private static @Nullable Object formatNumber(Arguments arguments) {
        Double value = arguments.number(0);
        if (value == null) {
            return null;
        }
        Map<?, ?> options = arguments.get(2) instanceof Map<?, ?> map ? map : Map.of();
        return NumberPicture.format(value, String.valueOf(arguments.get(1)), options);
    }

    private static @Nullable Object formatBase(Arguments arguments) {
        if (!(arguments.get(0) instanceof Number value)) {
            return null;
        }
        Number radix = arguments.get(1) instanceof Number given ? Numbers.round(given, 0) : 10L;
        if (radix.doubleValue() < 2 || radix.doubleValue() > 36) {
            throw JsonataException.of("D3100").value(radix);
        }
        return Long.toString(Numbers.round(value, 0).longValue(), radix.intValue());
    }

    private static @Nullable Object formatInteger(Arguments arguments) {
        Double value = arguments.number(0);
        String picture = arguments.text(1);
        if (value == null || picture == null) {
            return null;
        }
        try {
            return DateTimeUtils.formatInteger((long) Math.floor(value), picture);
        } catch (RuntimeException e) {
            throw pictureError(e);
        }
    }

    private static @Nullable Object parseInteger(Arguments arguments) {
        String text = arguments.text(0);
        if (text == null) {
            return null;
        }
        try {
            Number value = com.dashjoin.jsonata.Functions.parseInteger(text, arguments.text(1));
            return value == null ? Double.NaN : Numbers.of(value.doubleValue());
        } catch (ParseException e) {
            return Double.NaN;
        } catch (RuntimeException e) {
            throw pictureError(e);
        }
    }

    /** The error of a picture under the code that the language gives it. */
    private static JsonataException pictureError(RuntimeException e) {
        String message = String.valueOf(e.getMessage());
        for (String code : new String[] {"D3130", "D3131", "D3132", "D3133", "D3134", "D3135", "D3136"}) {
            String template = Messages.TEMPLATES.getOrDefault(code, "");
            int insert = template.indexOf("{{");
            String start = insert < 0 ? template : template.substring(0, insert);
            if (message.startsWith(start)) {
                String rest = message.substring(start.length());
                int end = insert < 0 ? 0 : rest.length() - (template.length() - template.indexOf("}}") - 2);
                return JsonataException.of(code).value(end > 0 ? rest.substring(0, end) : rest);
            }
        }
        return JsonataException.plain(message);
    }

    // Times

    private static Instant now(Evaluator evaluator) {
        return evaluator.scope().now();
    }

    private static Object now(Arguments arguments) {
        return format(now(arguments.evaluator()).toEpochMilli(), arguments.text(0), arguments.text(1));
    }

    private static @Nullable Object fromMillis(Arguments arguments) {
        Double millis = arguments.number(0);
        return millis == null ? null : format((long) (double) millis, arguments.text(1), arguments.text(2));
    }

    private static String format(long millis, @Nullable String picture, @Nullable String zone) {
        try {
            return DateTimeUtils.formatDateTime(
                    millis, picture == null ? "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]" : picture, zone);
        } catch (RuntimeException e) {
            throw pictureError(e);
        }
    }

    private static @Nullable Object toMillis(Arguments arguments) {
        String text = arguments.text(0);
        String picture = arguments.text(1);
        if (text == null) {
            return null;
        }
        if (picture == null) {
            return parseIso(text);
        }
        try {
            return DateTimeUtils.parseDateTime(text, picture);
        } catch (RuntimeException e) {
            throw pictureError(e);
        }
    }

    private static Object parseIso(String text) {
        if (!ISO_8601.matcher(text).matches()) {
            throw JsonataException.of("D3110").value(text);
        }
        String full = text.length() == 4 ? text + "-01-01" : text.length() == 7 ? text + "-01" : text;
        full = full.length() == 10 ? full + "T00:00:00Z" : full;
        full = full.replaceFirst("([+-]\\d{2})(\\d{2})$", "$1:$2");
        try {
            return OffsetDateTime.parse(full).toInstant().toEpochMilli();
        } catch (DateTimeParseException e) {
            return local(full);
        }
    }

    private static Object local(String text) {
        try {
            return LocalDateTime.parse(text).toInstant(ZoneOffset.UTC).toEpochMilli();
        } catch (DateTimeParseException e) {
            return Double.NaN;
        }
    }

    // What Step Functions adds

    private static @Nullable Object hash(Arguments arguments) {
        String text = arguments.text(0);
        String algorithm = arguments.text(1);
        if (text == null || algorithm == null) {
            return null;
        }
        if (!ALGORITHMS.contains(algorithm)) {
            throw JsonataException.plain("Unsupported hash algorithm: " + algorithm);
        }
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has " + algorithm, e);
        }
    }

    private static Object random(Arguments arguments) {
        Double seed = arguments.number(0);
        return Numbers.of(
                seed == null
                        ? arguments.evaluator().scope().random().nextDouble()
                        : new Random((long) (double) seed).nextDouble());
    }

    private static Object uuid(Arguments arguments) {
        long most = (arguments.evaluator().scope().random().nextLong() & ~0xF000L) | 0x4000L;
        long least = (arguments.evaluator().scope().random().nextLong() & ~(3L << 62)) | (2L << 62);
        return new UUID(most, least).toString();
    }

    private static @Nullable Object parse(Arguments arguments) {
        String text = arguments.text(0);
        if (text == null) {
            return null;
        }
        try {
            return JsonViews.view(MAPPER.readTree(text));
        } catch (JsonProcessingException e) {
            throw JsonataException.plain("Unable to parse JSON: " + e.getOriginalMessage());
        }
    }
}
