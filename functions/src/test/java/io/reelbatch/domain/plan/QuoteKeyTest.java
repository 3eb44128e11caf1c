package io.reelbatch.domain.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.domain.json.Json;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuoteKeyTest {
    private static final String CLIP =
            "{\"model\":\"a/b\",\"prompt\":\"a fox\",\"duration\":5,\"image\":\"https://x/1.png\"}";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"model\":\"a/b\",\"prompt\":\"a hen\",\"duration\":5,\"image\":\"https://x/1.png\"}",
                "{\"duration\":5,\"image\":\"https://x/1.png\",\"prompt\":\"a fox\",\"model\":\"a/b\"}",
                "{\"model\":\"a/b\",\"prompt\":\"a fox\",\"duration\":5,\"image\":\"https://x/1.png\",\"seed\":7}",
                "{\"model\":\"a/b\",\"prompt\":\"a fox\",\"duration\":5,\"image\":\"data:image/png;base64,AAAA\"}",
                "{\"model\":\"a/b\",\"prompt\":\"a fox\",\"duration\":5,\"image\":\"object:inputs/1\"}",
            })
    void wordsSeedsOrderAndWhichPictureDoNotMatter(String request) {
        assertThat(key("generateVideo", request)).isEqualTo(key("generateVideo", CLIP));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"model\":\"a/c\",\"prompt\":\"a fox\",\"duration\":5,\"image\":\"https://x/1.png\"}",
                "{\"model\":\"a/b\",\"prompt\":\"a fox\",\"duration\":6,\"image\":\"https://x/1.png\"}",
                "{\"model\":\"a/b\",\"prompt\":\"a fox\",\"duration\":5}",
                "{\"model\":\"a/b\",\"prompt\":\"a fox\",\"duration\":5,\"image\":[\"https://x/1.png\",\"https://x/2.png\"]}",
            })
    void modelParametersAndTheNumberOfPicturesDo(String request) {
        assertThat(key("generateVideo", request)).isNotEqualTo(key("generateVideo", CLIP));
    }

    @Test
    void theEndpointDoes() {
        assertThat(key("generateImage", CLIP)).isNotEqualTo(key("generateVideo", CLIP));
    }

    @Test
    void theRequestStaysAsItIs() {
        ObjectNode request = json(CLIP);

        QuoteKey.of("generateVideo", request);

        assertThat(request).isEqualTo(json(CLIP));
    }

    private static QuoteKey key(String endpoint, String request) {
        return QuoteKey.of(endpoint, json(request));
    }

    private static ObjectNode json(String text) {
        try {
            return Json.mapper().readValue(text, ObjectNode.class);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
