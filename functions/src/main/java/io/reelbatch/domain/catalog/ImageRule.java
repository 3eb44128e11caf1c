package io.reelbatch.domain.catalog;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * How a model takes an input image.
 *
 * @param param name of the parameter
 * @param list whether it takes a list of addresses rather than one
 * @param required whether the model makes nothing without it
 */
public record ImageRule(String param, boolean list, boolean required) {
    static ImageRule from(JsonNode data) {
        return new ImageRule(
                data.path("param").asText("image"),
                data.path("list").asBoolean(),
                data.path("required").asBoolean());
    }
}
