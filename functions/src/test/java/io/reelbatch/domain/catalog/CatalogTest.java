package io.reelbatch.domain.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.reelbatch.domain.catalog.Price.Unit;
import io.reelbatch.domain.plan.JobType;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogTest {
    private final Catalog catalog = Catalog.shipped();

    /** The published table: https://www.atlascloud.ai/blog/guides/how-to-build-ai-video-pipeline-python. */
    @ParameterizedTest
    @CsvSource({
        "black-forest-labs/flux-2-pro/text-to-image, IMAGE, 0.04, IMAGE",
        "google/imagen4-ultra/text-to-image, IMAGE, 0.06, IMAGE",
        "bytedance/seedance-v1.5-pro/text-to-video, VIDEO, 0.022, SECOND",
        "google/veo3.1/text-to-video, VIDEO, 0.03, SECOND",
        "openai/sora-v2/text-to-video, VIDEO, 0.15, SECOND"
    })
    void pricesAreThePublishedOnesWithTheirDate(String id, JobType kind, BigDecimal usd, Unit unit) {
        Price price = catalog.model(id, kind).price();

        assertThat(price.usd()).isEqualTo(usd);
        assertThat(price.unit()).isEqualTo(unit);
        assertThat(price.date()).contains(LocalDate.of(2026, 2, 28));
        assertThat(price.source()).startsWith("https://");
        assertThat(price.guessed()).isFalse();
    }

    /** Generation times as the provider's users see them, seconds. */
    @ParameterizedTest
    @CsvSource({
        "black-forest-labs/flux-2-pro/text-to-image, 5, 20",
        "google/imagen4-ultra/text-to-image, 10, 30",
        "bytedance/seedance-v1.5-pro/text-to-video, 30, 90",
        "google/veo3.1/text-to-video, 60, 120",
        "openai/sora-v2/text-to-video, 60, 180",
        "somebody/new-model, 10, 30"
    })
    void expectedTimesAreRanges(String id, long shortest, long longest) {
        Model model = catalog.model(id, JobType.VIDEO);

        assertThat(model.shortest()).isEqualTo(Duration.ofSeconds(shortest));
        assertThat(model.longest()).isEqualTo(Duration.ofSeconds(longest));
        assertThat(model.expected()).isEqualTo(Duration.ofMillis((shortest + longest) * 500));
    }

    @Test
    void aModelNobodyListsCostsAFlatGuess() {
        Model model = catalog.model("somebody/new-model", JobType.IMAGE);

        assertThat(model.price().guessed()).isTrue();
        assertThat(model.price().of(60)).isEqualTo(new BigDecimal("0.05"));
        assertThat(model.endpoint()).isEqualTo("generateImage");
        assertThat(catalog.model("somebody/new-model", JobType.VIDEO).endpoint())
                .isEqualTo("generateVideo");
    }

    @Test
    void aModelThatIsListedWithoutAPriceIsGuessedToo() {
        Model model = catalog.model("google/veo3.1/image-to-video", JobType.VIDEO);

        assertThat(model.price().guessed()).isTrue();
        assertThat(model.image()).contains(new ImageRule("image", false, true));
        assertThat(model.lastImage()).contains(new ImageRule("last_image", false, false));
    }

    @Test
    void aFamilyDescribesTheModelsWithoutAnEntryOfTheirOwn() {
        assertThat(catalog.model("openai/gpt-image-1.5/text-to-image", JobType.IMAGE)
                        .size())
                .contains(new SizeRule.Joined("size", "x"));
        assertThat(catalog.model("kwaivgi/kling-v3/image-to-video", JobType.VIDEO)
                        .lastImage())
                .contains(new ImageRule("end_image", false, false));
        assertThat(catalog.model("alibaba/wan-2.6/text-to-video", JobType.VIDEO).kind())
                .isEqualTo(JobType.VIDEO);
        assertThat(catalog.model("alibaba/wan-2.6/text-to-image", JobType.IMAGE).kind())
                .isEqualTo(JobType.IMAGE);
        assertThat(catalog.ids()).noneMatch(id -> id.contains("*"));
    }

    @Test
    void theConfigsPricesGoBeforeTheFilesAndThoseBeforeTheShipped() {
        String flux = "black-forest-labs/flux-2-pro/text-to-image";
        var nodes = JsonNodeFactory.instance;
        var file = nodes.objectNode();
        file.putArray("models")
                .add(nodes.objectNode()
                        .put("id", flux)
                        .set("price", nodes.objectNode().put("per_image", new BigDecimal("0.03"))));

        Catalog withFile = catalog.withEntries(file, "prices.yaml");
        assertThat(withFile.model(flux, JobType.IMAGE).price().usd()).isEqualTo(new BigDecimal("0.03"));
        assertThat(withFile.model(flux, JobType.IMAGE).price().source()).isEqualTo("prices.yaml");
        assertThat(withFile.model(flux, JobType.IMAGE).size())
                .as("what the file does not say stays")
                .contains(new SizeRule.Joined("size", "*"));

        Price own = new Price(new BigDecimal("0.02"), Unit.IMAGE, "config", Optional.empty(), false);
        Catalog withBoth = withFile.withPrices(Map.of(flux, own));
        assertThat(withBoth.model(flux, JobType.IMAGE).price()).isEqualTo(own);
        assertThat(catalog.model(flux, JobType.IMAGE).price().usd())
                .as("the first is not changed")
                .isEqualTo(new BigDecimal("0.04"));
    }

    @ParameterizedTest
    @CsvSource({"1, 4", "4, 4", "5, 4", "6, 6", "7, 6", "8, 8", "10, 8", "3600, 8"})
    void aDurationBecomesTheNearestAndOfTwoTheShorter(int asked, int sent) {
        DurationRule rule = new DurationRule("duration", 1, Integer.MAX_VALUE, List.of(4, 6, 8));

        assertThat(rule.nearest(asked)).isEqualTo(sent);
        assertThat(rule.allows(asked)).isEqualTo(asked == sent);
        assertThat(rule.allowed()).isEqualTo("4, 6 or 8 seconds");
    }

    @ParameterizedTest
    @CsvSource({"1, 4", "4, 4", "7, 7", "12, 12", "13, 12"})
    void aDurationOutsideARangeBecomesItsEnd(int asked, int sent) {
        assertThat(new DurationRule("duration", 1, Integer.MAX_VALUE, List.of()).allowed())
                .isEqualTo("whole seconds");
        DurationRule rule = new DurationRule("duration", 4, 12, List.of());

        assertThat(rule.nearest(asked)).isEqualTo(sent);
        assertThat(rule.allowed()).isEqualTo("4 to 12 seconds");
    }

    @ParameterizedTest
    @CsvSource({"1080p, 720P", "4k, 720P", "600p, 480P", "480p, 480P", "720P, 720P", "sharp, 480P"})
    void aResolutionBecomesTheNearestInTheModelsSpelling(String asked, String sent) {
        ResolutionRule rule = new ResolutionRule("resolution", List.of("720P", "480P"));

        assertThat(rule.nearest(asked)).isEqualTo(sent);
    }

    @ParameterizedTest
    @CsvSource({
        "1024, 1024, 1:1, true",
        "1920, 1080, 16:9, true",
        "1344, 768, 16:9, true",
        "1080, 1920, 9:16, true",
        "2048, 1024, 16:9, false",
        "1000, 100, 16:9, false"
    })
    void aSizeBecomesTheNearestRatio(int width, int height, String ratio, boolean allowed) {
        SizeRule rule = new SizeRule.Ratio("aspect_ratio", List.of("1:1", "16:9", "9:16", "4:3", "3:4"));

        assertThat(rule.apply(JsonNodeFactory.instance.objectNode(), width, height))
                .isEqualTo(ratio);
        assertThat(rule.allows(width, height)).isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({"0.110, 0.11", "20, 20.00", "0.022, 0.022", "0, 0.00", "1E+2, 100.00"})
    void amountsAreExactWithCents(BigDecimal amount, String shown) {
        assertThat(Price.tidy(amount).toPlainString()).isEqualTo(shown);
    }
}
