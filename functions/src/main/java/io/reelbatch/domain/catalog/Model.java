package io.reelbatch.domain.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.domain.plan.JobType;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * What is known of one model. A rule that is absent means that the model has no such parameter.
 *
 * @param id the provider's id
 * @param kind what it makes
 * @param endpoint last path segment of the submit call
 * @param price what one output costs
 * @param shortest least time a generation is expected to take
 * @param longest most time a generation is expected to take
 * @param seed whether it takes a seed
 * @param always parameters sent with every request that does not give its own
 * @param size how it takes width and height
 * @param duration which lengths it makes
 * @param resolution which resolutions it makes
 * @param image how it takes an input image
 * @param lastImage how it takes the image to end on
 */
public record Model(
        String id,
        JobType kind,
        String endpoint,
        Price price,
        Duration shortest,
        Duration longest,
        boolean seed,
        ObjectNode always,
        Optional<SizeRule> size,
        Optional<DurationRule> duration,
        Optional<ResolutionRule> resolution,
        Optional<ImageRule> image,
        Optional<ImageRule> lastImage) {
    /** Expected of a model nobody has described, seconds. */
    private static final int SHORTEST_SECONDS = 10;

    private static final int LONGEST_SECONDS = 30;

    /** Reads a model from catalog data. */
    static Model from(String id, JsonNode data, JobType kind, Price price) {
        JsonNode fields = data.path("fields");
        return new Model(
                id,
                kind,
                data.path("endpoint").asText(endpoint(kind)),
                price,
                Duration.ofSeconds(data.path("expected_seconds").path(0).asInt(SHORTEST_SECONDS)),
                Duration.ofSeconds(data.path("expected_seconds").path(1).asInt(LONGEST_SECONDS)),
                data.path("seed").asBoolean(),
                data.path("always") instanceof ObjectNode always ? always : JsonNodeFactory.instance.objectNode(),
                rule(fields, "size", SizeRule::from),
                rule(fields, "duration", DurationRule::from),
                rule(fields, "resolution", ResolutionRule::from),
                rule(fields, "image", ImageRule::from),
                rule(fields, "last_image", ImageRule::from));
    }

    /** A model the catalog does not have: parameters under their plain names, as users of the well-known tutorial know it. */
    static Model unlisted(String id, JobType kind, Price price) {
        boolean video = kind == JobType.VIDEO;
        return new Model(
                id,
                kind,
                endpoint(kind),
                price,
                Duration.ofSeconds(SHORTEST_SECONDS),
                Duration.ofSeconds(LONGEST_SECONDS),
                false,
                JsonNodeFactory.instance.objectNode(),
                Optional.of(new SizeRule.Separate()),
                video ? Optional.of(DurationRule.from(fieldNamed("duration"))) : Optional.empty(),
                video ? Optional.of(ResolutionRule.from(fieldNamed("resolution"))) : Optional.empty(),
                Optional.of(ImageRule.from(fieldNamed("image"))),
                Optional.of(ImageRule.from(fieldNamed("last_image"))));
    }

    /** The same model behind a server that takes every parameter under its plain name. */
    public Model withPlainParameters() {
        Model plain = unlisted(id, kind, price);
        return new Model(
                id,
                kind,
                endpoint,
                price,
                shortest,
                longest,
                seed,
                plain.always,
                plain.size,
                plain.duration,
                plain.resolution,
                plain.image,
                plain.lastImage);
    }

    /** Generation time to expect: the middle of the range. */
    public Duration expected() {
        return shortest.plus(longest).dividedBy(2);
    }

    private static String endpoint(JobType kind) {
        return kind == JobType.IMAGE ? "generateImage" : "generateVideo";
    }

    private static ObjectNode fieldNamed(String param) {
        return JsonNodeFactory.instance.objectNode().put("param", param);
    }

    private static <T> Optional<T> rule(JsonNode fields, String name, Function<JsonNode, T> reader) {
        return Optional.ofNullable(fields.get(name)).map(reader);
    }
}
