package io.reelbatch.domain.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.domain.json.Json;
import io.reelbatch.domain.plan.JobType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
     */
    public Catalog withEntries(ObjectNode file) {
        ObjectNode merged = data.deepCopy();
        merged.setAll(file);
        Map<String, ObjectNode> all = new LinkedHashMap<>(models);
        for (JsonNode model : file.path("models")) {
            all.merge(
                    model.path("id").asText(),
                    (ObjectNode) model,
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
        JsonNode entry = models.get(id);
        if (entry == null) {
            return Model.unlisted(id, wanted, price(id, Optional.empty()));
        }
        JobType kind = switch (entry.path("kind").asText()) {
            case "image" -> JobType.IMAGE;
            case "video" -> JobType.VIDEO;
            default -> wanted;
        };
        return Model.from(entry, kind, price(id, Optional.ofNullable(entry.get("price"))));
    }

    private Price price(String id, Optional<JsonNode> listed) {
        Price replacement = prices.get(id);
        if (replacement != null) {
            return replacement;
        }
        return listed.map(price -> Price.from(price, "catalog"))
                .orElseGet(() -> Price.from(data.path("guess"), "catalog").asGuess());
    }

    /** Ids of the listed models, in the catalog's order. */
    public Set<String> ids() {
        return Collections.unmodifiableSet(new LinkedHashSet<>(models.keySet()));
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
