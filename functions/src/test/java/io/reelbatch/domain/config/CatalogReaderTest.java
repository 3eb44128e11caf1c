package io.reelbatch.domain.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.reelbatch.domain.catalog.Catalog;
import io.reelbatch.domain.catalog.DurationRule;
import io.reelbatch.domain.catalog.Model;
import io.reelbatch.domain.plan.JobType;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CatalogReaderTest {
    @Test
    void theShippedCatalogKeepsToItsSchema() throws IOException {
        try (InputStream shipped = Catalog.class.getResourceAsStream("catalog.json")) {
            byte[] content = Optional.ofNullable(shipped).orElseThrow().readAllBytes();

            assertThat(CatalogReader.read(Catalog.shipped(), "catalog.json", content)
                            .ids())
                    .isEqualTo(Catalog.shipped().ids());
        }
    }

    @Test
    void aNewModelIsData() {
        Catalog catalog = read("""
                models:
                  - id: studio/loop-2
                    kind: video
                    price: {per_second: 0.10, date: 2026-10-01}
                    expected_seconds: [20, 40]
                    always: {loop: true}
                    fields:
                      duration: {param: seconds, values: [3, 6]}
                """);

        Model model = catalog.model("studio/loop-2", JobType.VIDEO);
        assertThat(model.price().usd()).isEqualTo(new BigDecimal("0.10"));
        assertThat(model.price().source()).isEqualTo("mine.yaml");
        assertThat(model.price().guessed()).isFalse();
        assertThat(model.expected()).isEqualTo(Duration.ofSeconds(30));
        assertThat(model.always()).hasToString("{\"loop\":true}");
        assertThat(model.duration()).contains(new DurationRule("seconds", 1, Integer.MAX_VALUE, List.of(3, 6)));
        assertThat(model.resolution()).isEmpty();
        assertThat(catalog.ids()).contains("studio/loop-2", "openai/sora-v2/text-to-video");
    }

    @Test
    void theGuessCanBeAnother() {
        Catalog catalog = read("guess: {per_item: 0.50, source: finance}");

        assertThat(catalog.model("any/thing", JobType.IMAGE).price().of(1)).isEqualTo(new BigDecimal("0.50"));
        assertThat(catalog.model("any/thing", JobType.IMAGE).price().guessed()).isTrue();
    }

    @Test
    void everythingWrongIsToldAtOnce() {
        InvalidConfigException refused = catchThrowableOfType(InvalidConfigException.class, () -> read("""
                models:
                  - id: a/b
                    kind: sound
                    price: {per_hour: 1}
                  - kind: video
                    fields: {size: {ratios: [wide]}}
                """));

        assertThat(refused.problems())
                .extracting(ConfigProblem::toString)
                .containsExactly(
                        "mine.yaml:3: models.0.kind: must be `image` or `video` (is \"sound\")",
                        "mine.yaml:4: models.0.price.per_hour: is not a field here; there are per_image, per_second,"
                                + " per_item, source, date",
                        "mine.yaml:4: models.0.price: must be one of per_image, per_second and per_item with an amount in"
                                + " USD, such as {per_second: 0.022} (is a mapping)",
                        "mine.yaml:5: models.1.id: is missing",
                        "mine.yaml:6: models.1.fields.size.ratios.0: must be an aspect ratio, such as 16:9 (is \"wide\")");
    }

    private static Catalog read(String text) {
        return CatalogReader.read(Catalog.shipped(), "mine.yaml", text.getBytes(StandardCharsets.UTF_8));
    }
}
