package io.reelbatch.domain.provider;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds things in the provider's JSON, in every place and form in which they were seen: wrapped in {@code data} or not,
 * numbers as strings, outputs as text, list or object.
 */
final class Shapes {
    /** The provider's code for a refusal by its moderation. */
    static final String MODERATION = "1039";

    private static final int LONGEST_ID = 512;
    private static final int LONGEST_NUMBER = 32;
    private static final int MONEY_DECIMALS = 9;
    /** Longer ones are not believed. */
    private static final Duration LONGEST_GENERATION = Duration.ofDays(7);

    private static final List<String> OUTPUT_FIELDS = List.of("outputs", "output", "files");
    private static final List<String> URL_FIELDS =
            List.of("url", "image_url", "video_url", "audio_url", "download_url", "uri");

    private Shapes() {}

    /** What the envelope holds, or the answer itself when it came without one. */
    static JsonNode content(JsonNode root) {
        return root.path("data").isObject() ? root.path("data") : root;
    }

    /** The prediction's name. Only for answers that HTTP or the rule for 504 lets us believe. */
    static Optional<String> id(JsonNode root) {
        return first(
                id(root.path("data"), "id"),
                id(root, "id"),
                id(root.path("data"), "predictionId"),
                id(root, "predictionId"));
    }

    /** The name as a tutorial's servers give it; in an error body the same field names the HTTP request. */
    static Optional<String> requestId(JsonNode root) {
        return first(id(root.path("data"), "request_id"), id(root, "request_id"));
    }

    /** The state of a prediction, in lower case. */
    static Optional<String> status(JsonNode node) {
        JsonNode status = node.path("status");
        return status.isTextual() && !status.textValue().isBlank()
                ? Optional.of(status.textValue().strip().toLowerCase(Locale.ROOT))
                : Optional.empty();
    }

    /** URLs and {@code data:} URIs of what was made. */
    static List<String> outputs(JsonNode root) {
        for (JsonNode node : places(root)) {
            for (String field : OUTPUT_FIELDS) {
                List<String> found = new ArrayList<>();
                collect(node.path(field), found);
                if (!found.isEmpty()) {
                    return found;
                }
            }
        }
        return List.of();
    }

    /** USD, if the answer holds a believable amount under that name; rounded up at the decimals that a ledger keeps. */
    static Optional<BigDecimal> amount(JsonNode node) {
        return number(node)
                .filter(n -> n.signum() >= 0 && n.compareTo(BigDecimal.valueOf(1_000_000)) < 0)
                .map(n -> n.scale() > MONEY_DECIMALS ? n.setScale(MONEY_DECIMALS, RoundingMode.CEILING) : n);
    }

    /** What was settled for a prediction, USD. */
    static Optional<BigDecimal> price(JsonNode root) {
        return first(amount(content(root).path("price")), amount(root.path("price")));
    }

    /** From the acceptance to the end; where both moments are not told, how long the model ran. */
    static Optional<Duration> generationTime(JsonNode root) {
        return first(betweenMoments(content(root)), predictTime(root));
    }

    private static Optional<Duration> betweenMoments(JsonNode content) {
        Optional<Instant> created = moment(content.path("created_at"));
        Optional<Instant> completed = moment(content.path("completed_at"));
        return created.flatMap(from -> completed.map(to -> Duration.between(from, to)))
                .filter(time -> !time.isNegative() && time.compareTo(LONGEST_GENERATION) < 0);
    }

    private static Optional<Instant> moment(JsonNode node) {
        try {
            return Optional.of(OffsetDateTime.parse(scalar(node)).toInstant());
        } catch (DateTimeParseException notOne) {
            return Optional.empty();
        }
    }

    private static Optional<Duration> predictTime(JsonNode root) {
        return number(content(root).path("metrics").path("predict_time"))
                .filter(s -> s.signum() >= 0 && s.compareTo(BigDecimal.valueOf(LONGEST_GENERATION.toSeconds())) < 0)
                .map(s -> Duration.ofMillis(
                        s.movePointRight(3).setScale(0, RoundingMode.HALF_UP).longValueExact()));
    }

    /** The envelope's {@code code}, if it says that something went wrong: an HTTP status, or moderation. */
    static Optional<Integer> envelopeError(JsonNode root) {
        return number(root.path("code"))
                .filter(c -> c.stripTrailingZeros().scale() <= 0)
                .map(BigDecimal::intValue)
                .filter(c -> (c >= 400 && c < 600) || String.valueOf(c).equals(MODERATION));
    }

    /** Whether the body is in one of the two forms of the provider's own errors. */
    static boolean isOwnError(JsonNode root) {
        JsonNode error = root.path("error");
        return !scalar(root.path("code")).isEmpty()
                || (error.isObject() && !error.isEmpty())
                || !scalar(error).isEmpty();
    }

    /** The provider's text about what went wrong. */
    static Optional<String> message(JsonNode root) {
        JsonNode data = root.path("data");
        for (JsonNode node : List.of(
                data.path("error"),
                root.path("error"),
                root.path("msg"),
                root.path("message"),
                data.path("msg"),
                data.path("message"),
                root.path("detail"))) {
            String text = node.isObject()
                    ? first(text(node, "message"), text(node, "type")).orElse("")
                    : scalar(node);
            if (!text.isEmpty()) {
                return Optional.of(text);
            }
        }
        return Optional.empty();
    }

    /** The provider's own code for what went wrong, beside the HTTP status. */
    static Optional<String> errorCode(JsonNode root) {
        return first(
                text(root.path("data"), "error_code"),
                text(root, "error_code"),
                text(root.path("error"), "code"),
                text(root.path("error"), "type"),
                text(root, "code"));
    }

    /** Whether the moderation refused it. */
    static boolean isModerated(JsonNode root) {
        return Stream.of(
                        root.path("data").path("error_code"),
                        root.path("error_code"),
                        root.path("error").path("code"),
                        root.path("code"))
                .anyMatch(node -> scalar(node).equals(MODERATION));
    }

    private static void collect(JsonNode node, List<String> found) {
        if (node.isTextual() && !node.textValue().isBlank()) {
            found.add(node.textValue().strip());
        } else if (node.isArray()) {
            node.forEach(element -> collect(element, found));
        } else if (node.isObject()) {
            for (String field : URL_FIELDS) {
                if (node.path(field).isTextual()) {
                    collect(node.path(field), found);
                    return;
                }
            }
        }
    }

    private static List<JsonNode> places(JsonNode root) {
        return root.path("data").isObject() ? List.of(root.path("data"), root) : List.of(root);
    }

    private static Optional<String> id(JsonNode node, String field) {
        return text(node, field)
                .filter(id -> id.length() <= LONGEST_ID && id.chars().allMatch(c -> c > 0x20 && c < 0x7f))
                .filter(id -> !id.equals(".") && !id.equals(".."));
    }

    /** A number, whether it is written as one or as text. */
    static Optional<BigDecimal> number(JsonNode node) {
        String text = scalar(node);
        if (text.isEmpty() || text.length() > LONGEST_NUMBER) {
            return Optional.empty();
        }
        try {
            BigDecimal number = new BigDecimal(text);
            return Math.abs((long) number.scale()) <= LONGEST_NUMBER ? Optional.of(number) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> text(JsonNode node, String field) {
        return Optional.of(scalar(node.path(field))).filter(text -> !text.isEmpty());
    }

    /** Text of a string or a number, stripped; empty for anything else. */
    private static String scalar(JsonNode node) {
        return node.isTextual() || node.isNumber() ? node.asText().strip() : "";
    }

    /** The first that is there. */
    @SafeVarargs
    static <T> Optional<T> first(Optional<T>... candidates) {
        for (Optional<T> candidate : candidates) {
            if (candidate.isPresent()) {
                return candidate;
            }
        }
        return Optional.empty();
    }
}
