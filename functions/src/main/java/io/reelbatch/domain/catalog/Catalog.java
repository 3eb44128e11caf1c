package io.reelbatch.domain.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.domain.json.Json;
import io.reelbatch.domain.pace.LatencyProfile;
import io.reelbatch.domain.plan.JobType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Models and prices, as dated data. Immutable.
 *
 * <p>Prices come from the first of: {@link #withPrices the config}, {@link #withEntries a file}, the shipped data, the guess.
 */
public final class Catalog {
    private static final String SHIPPED = "catalog.json";

    private final ObjectNode data;
    private final Map<String, ObjectNode> models;
    private final Map<String, Price> prices;

    private Catalog(ObjectNode data, Map<String, ObjectNode> models, Map<String, Price> prices) {
        this.data = data;
        this.models = models;
        this.prices = prices;
    }

    /** The catalog that comes with this version. */
    public static Catalog shipped() {
        try (InputStream in = Catalog.class.getResourceAsStream(SHIPPED)) {
            if (in == null) {
                throw new IllegalStateException(SHIPPED + " is missing from the application");
            }
            return of((ObjectNode) Json.mapper().readTree(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Catalog of(ObjectNode data) {
        Map<String, ObjectNode> models = new LinkedHashMap<>();
        for (JsonNode model : data.path("models")) {
            models.put(model.path("id").asText(), (ObjectNode) model);
        }
        return new Catalog(data, models, Map.of());
    }

    /**
     * This catalog with the models of a file on top: what a file says of a model goes before what is known of it, field by
     * field; {@code guess} and {@code published} are taken from the file where it has them.
     *
     * @param file checked catalog data
     * @param source what to name as the source of prices that do not name theirs
     */
    public Catalog withEntries(ObjectNode file, String source) {
        ObjectNode merged = data.deepCopy();
        merged.setAll(file);
        Map<String, ObjectNode> all = new LinkedHashMap<>(models);
        for (JsonNode entry : file.path("models")) {
            ObjectNode model = entry.deepCopy();
            if (model.get("price") instanceof ObjectNode price && !price.has("source")) {
                price.put("source", source);
            }
            all.merge(
                    model.path("id").asText(),
                    model,
                    (old, added) -> old.deepCopy().setAll(added));
        }
        return new Catalog(merged, all, prices);
    }

    /** This catalog with some prices replaced, by model id. */
    public Catalog withPrices(Map<String, Price> replacements) {
        Map<String, Price> all = new LinkedHashMap<>(prices);
        all.putAll(replacements);
        return new Catalog(data, models, all);
    }

    /**
     * What is known of a model; of one that is not listed, what is guessed.
     *
     * @param wanted what the job wants to make, which decides the endpoint where the catalog does not
     */
    public Model model(String id, JobType wanted) {
        Optional<ObjectNode> found = entry(id);
        if (found.isEmpty()) {
            return Model.unlisted(id, wanted, price(id, Optional.empty()));
        }
        ObjectNode entry = found.get();
        JobType kind = switch (entry.path("kind").asText()) {
            case "image" -> JobType.IMAGE;
            case "video" -> JobType.VIDEO;
            default -> wanted;
        };
        return Model.from(id, entry, kind, price(id, Optional.ofNullable(entry.get("price"))));
    }

    /** Generation times that the catalog expects of a model, as a profile takes them; empty where it says nothing. */
    public List<Duration> expectedTimes(String id) {
        return entry(id)
                .map(entry -> entry.path("expected_seconds"))
                .filter(range -> range.size() == 2)
                .map(range -> LatencyProfile.expected(
                        Duration.ofSeconds(range.path(0).asLong()),
                        Duration.ofSeconds(range.path(1).asLong())))
                .orElse(List.of());
    }

    /** The model's own entry, else the first of a family it belongs to. */
    private Optional<ObjectNode> entry(String id) {
        return Optional.ofNullable(models.get(id))
                .or(() -> models.entrySet().stream()
                        .filter(family -> isFamily(family.getKey()) && covers(family.getKey(), id))
                        .map(Map.Entry::getValue)
                        .findFirst());
    }

    private static boolean isFamily(String id) {
        return id.contains("*");
    }

    private static boolean covers(String family, String id) {
        String pattern =
                Arrays.stream(family.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
        return Pattern.matches(pattern, id);
    }

    private Price price(String id, Optional<JsonNode> listed) {
        Price replacement = prices.get(id);
        if (replacement != null) {
            return replacement;
        }
        return listed.map(price -> Price.from(price, "catalog"))
                .orElseGet(() -> Price.from(data.path("guess"), "catalog").asGuess());
    }

    /** Ids of the listed models, families left out, in the catalog's order. */
    public List<String> ids() {
        return models.keySet().stream().filter(id -> !isFamily(id)).toList();
    }

    /** Whether a clip length is one that published configs use, so that it is adapted where a model does not make it. */
    public boolean isPublishedDuration(int seconds) {
        return contains("duration", BigDecimal.valueOf(seconds).toString());
    }

    /** Whether a resolution is one that published configs use, so that it is adapted where a model does not make it. */
    public boolean isPublishedResolution(String resolution) {
        return contains("resolution", resolution);
    }

    private boolean contains(String field, String value) {
        for (JsonNode published : data.path("published").path(field)) {
            if (published.asText().equalsIgnoreCase(value)) {
                return true;
            }
        }
        return false;
    }
}
