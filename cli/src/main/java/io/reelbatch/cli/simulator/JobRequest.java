package io.reelbatch.cli.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.cli.simulator.media.MediaKind;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a submit asks for: the endpoint's kind and the flat JSON body, read leniently, as models name things differently. */
record JobRequest(MediaKind kind, ObjectNode body) {
    /** Texts longer than this are kept as their length: an inlined input picture would fill memory and journal. */
    private static final int LONGEST_TEXT = 4096;

    private static final int DEFAULT_SECONDS = 5;
    private static final Pattern SIZE = Pattern.compile("(\\d{1,5})\\s*[*xX]\\s*(\\d{1,5})");
    private static final Pattern RATIO = Pattern.compile("(\\d{1,4})\\s*:\\s*(\\d{1,4})");
    private static final Map<String, Integer> LINES =
            Map.of("480p", 480, "540p", 540, "720p", 720, "1080p", 1080, "2k", 1440, "4k", 2160);

    /**
     * Reads a body.
     *
     * @throws BadRequest when it is not a JSON object, or has no model or prompt
     */
    static JobRequest parse(JsonMapper json, MediaKind kind, byte[] bytes) throws BadRequest {
        JsonNode parsed;
        try {
            parsed = json.readTree(bytes);
        } catch (JsonProcessingException e) {
            throw new BadRequest("the body is not JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new BadRequest("the body cannot be read", e);
        }
        if (!(parsed instanceof ObjectNode object)) {
            throw new BadRequest("the body is not a JSON object");
        }
        JobRequest request = new JobRequest(kind, object);
        if (request.model().isBlank()) {
            throw new BadRequest("model is required");
        }
        if (request.prompt().isBlank()) {
            throw new BadRequest("prompt is required");
        }
        return request;
    }

    String model() {
        return body.path("model").asText("");
    }

    String prompt() {
        String prompt = body.path("prompt").asText("");
        return prompt.isEmpty() ? body.path("text").asText("") : prompt;
    }

    OptionalLong seed() {
        JsonNode seed = body.path("seed");
        return seed.isIntegralNumber() && seed.asLong() >= 0 ? OptionalLong.of(seed.asLong()) : OptionalLong.empty();
    }

    /** Length of a clip or sound; one second stands for a picture, so that it is never zero. */
    Duration duration() {
        if (kind == MediaKind.IMAGE) {
            return Duration.ofSeconds(1);
        }
        double seconds = body.path("duration").asDouble(DEFAULT_SECONDS);
        return Duration.ofMillis(Math.max(1, Math.round(Math.min(seconds, 3600) * 1000)));
    }

    /** Width and height in pixels. */
    Size size() {
        int width = body.path("width").asInt(0);
        int height = body.path("height").asInt(0);
        if (width > 0 && height > 0) {
            return new Size(width, height);
        }
        return pair(SIZE, body.path("size").asText(""))
                .or(() -> ratio("aspect_ratio"))
                .or(() -> ratio("ratio"))
                .orElseGet(() -> kind == MediaKind.IMAGE ? new Size(1024, 1024) : scaled(new Size(16, 9)));
    }

    /** Width and height, as a pair. */
    record Size(int width, int height) {}

    private Optional<Size> ratio(String field) {
        return pair(RATIO, body.path(field).asText("")).map(this::scaled);
    }

    private static Optional<Size> pair(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int width = Integer.parseInt(matcher.group(1));
        int height = Integer.parseInt(matcher.group(2));
        return width > 0 && height > 0 ? Optional.of(new Size(width, height)) : Optional.empty();
    }

    /** A ratio as pixels: its short side is as long as the resolution has lines. */
    private Size scaled(Size ratio) {
        String resolution = body.path("resolution").asText("720p").toLowerCase(Locale.ROOT);
        double unit = LINES.getOrDefault(resolution, 720) / (double) Math.min(ratio.width(), ratio.height());
        return new Size((int) Math.round(ratio.width() * unit), (int) Math.round(ratio.height() * unit));
    }

    /** The body as compact JSON, long texts shortened. */
    String kept() {
        ObjectNode copy = body.deepCopy();
        shorten(copy);
        return copy.toString();
    }

    private static void shorten(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.properties().forEach(field -> {
                if (field.getValue().isTextual() && field.getValue().textValue().length() > LONGEST_TEXT) {
                    field.setValue(object.textNode(shortened(field.getValue().textValue())));
                }
            });
        }
        node.forEach(JobRequest::shorten);
    }

    private static String shortened(String text) {
        return text.substring(0, 64) + "... (" + text.length() + " characters)";
    }
}
