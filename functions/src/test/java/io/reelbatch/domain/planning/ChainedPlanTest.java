package io.reelbatch.domain.planning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.reelbatch.domain.catalog.Catalog;
import io.reelbatch.domain.config.ConfigProblem;
import io.reelbatch.domain.config.ConfigReader;
import io.reelbatch.domain.config.InvalidConfigException;
import io.reelbatch.domain.plan.ChainPlace;
import io.reelbatch.domain.plan.PlannedJob;
import io.reelbatch.domain.plan.SourceImage;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChainedPlanTest {
    private static final String DEFAULTS = """
            defaults:
              images: {model: black-forest-labs/flux-2-pro/text-to-image}
              videos: {model: bytedance/seedance-v1.5-pro/image-to-video}
            """;

    @Test
    void aJobTakesItsImageFromAnotherByNameOrById() {
        Plan plan = plan("""
                - {name: Hero Shot, id: sku-1, type: image, prompt: p}
                - {name: Clip, type: video, prompt: p, image: {from: Hero Shot}}
                - {name: Other Clip, type: video, prompt: p, image: {from: sku-1}}
                - {name: Alone, type: image, prompt: p}
                """);

        assertThat(plan.jobs().get(1).sources()).containsExactly(new SourceImage("image", 0));
        assertThat(plan.jobs().get(1).request().path("image").asText()).isEqualTo("job:0");
        assertThat(plan.jobs().get(2).sources()).containsExactly(new SourceImage("image", 0));
        assertThat(places(plan)).containsExactly("0/0", "0/1", "0/1", "-");
    }

    @Test
    void aLevelIsOneMoreThanTheHighestThatAJobNeeds() {
        Plan plan = plan("""
                - {name: End, type: video, prompt: p, image: {from: A}, last_image: {from: C}}
                - {name: C, type: image, model: black-forest-labs/flux-2-pro/edit, prompt: p, image: [{from: B}, "https://example.com/a.png", {from: A}]}
                - {name: B, type: image, model: black-forest-labs/flux-2-pro/edit, prompt: p, image: {from: A}}
                - {name: A, type: image, prompt: p}
                """);

        assertThat(places(plan)).containsExactly("0/3", "0/2", "0/1", "0/0");
        assertThat(plan.jobs().get(0).sources())
                .containsExactly(new SourceImage("image", 3), new SourceImage("last_image", 1));
        assertThat(plan.jobs().get(1).request().path("images"))
                .hasToString("[\"job:2\",\"https://example.com/a.png\",\"job:3\"]");
        assertThat(plan.startOrder()).containsExactly(3, 2, 1, 0);
    }

    @Test
    void aChainIsAsLongAsItsLevelsTogether() {
        Plan plan = plan("""
                - {name: Film, type: video, prompt: p, image: "https://example.com/a.png"}
                - {name: Shot, type: image, prompt: p}
                - {name: Hero, type: image, prompt: p}
                - {name: Clip, type: video, prompt: p, image: {from: Hero}}
                - {name: Clip Two, type: video, prompt: p, image: {from: Hero}}
                """);

        assertThat(plan.startOrder()).containsExactly(2, 3, 4, 0, 1);
    }

    @Test
    void everyJobNeedsAPermitWhereAChainCanRunMoreAtOnceThanMaxWorkers() {
        String chain = """
                - {name: Hero, type: image, prompt: p}
                - {name: Clip, type: video, prompt: p, image: {from: Hero}}
                - {name: Clip Two, type: video, prompt: p, image: {from: Hero}}
                - {name: Alone, type: image, prompt: p}
                """;

        assertThat(plan("max_workers: 2\n", chain).jobs()).allMatch(PlannedJob::permit);
        assertThat(plan("max_workers: 3\n", chain).jobs()).noneMatch(PlannedJob::permit);
    }

    @Test
    void whatStandsUnderParamsGoesBeforeTheOtherJobsImage() {
        Plan plan = plan("""
                - {name: Hero, type: image, prompt: p}
                - {name: Clip, type: video, prompt: p, image: {from: Hero}, params: {image: "https://example.com/b.png"}}
                """);

        assertThat(places(plan)).containsExactly("-", "-");
        assertThat(plan.warnings()).anyMatch(warning -> warning.contains("params.image goes before image"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{from: Hero Shto} | a.yaml:8: job \"Clip\": image.from: names no job: there is no \"Hero Shto\"; did you mean \"Hero Shot\"?",
                "{from: Twice} | a.yaml:8: job \"Clip\": image.from: names 2 jobs, the first two are #2 and #3; give the one you mean an `id` and use that instead of \"Twice\"",
                "{from: Film} | a.yaml:8: job \"Clip\": image: comes from \"Film\", which makes a video; it must be an image",
                "{from: Clip} | a.yaml:8: job \"Clip\": image: comes from \"Clip\", which makes a video; it must be an image",
                "{from: \"Hero Shot#2\"} | a.yaml:8: job \"Clip\": image: comes from a variation of \"Hero Shot\", which has no variations",
                "{from: \"Many#4\"} | a.yaml:8: job \"Clip\": image: comes from a variation of \"Many\", which has only 3 variations",
                "{from: Many} | a.yaml:8: job \"Clip\": image: comes from \"Many\", of which there are 3 variations: name one, such as `from: \"Many#1\"`, or give this job `variations: 3` for one of each",
                "[{from: Hero Shot}, b.png] | a.yaml:8: job \"Clip\": image: bytedance/seedance-v1.5-pro/image-to-video takes one input image, and these are 2",
                "{form: Hero Shot} | a.yaml:8: job \"Clip\": image: must be a file path, an https:// address, {from: \"name of another job\"} or a list of these (is a mapping)",
                "[{from: \"\"}] | a.yaml:8: job \"Clip\": image.0.from: must be the name or id of another job (is empty)"
            })
    void whatCannotBeIsSaidWithItsPlace(String image, String problem) {
        String jobs = "- {name: Hero Shot, type: image, prompt: p}\n"
                + "- {name: Twice, type: image, prompt: p}\n- {name: Twice, type: image, prompt: p}\n"
                + "- {name: Clip, type: video, prompt: p, image: " + image + "}\n"
                + "- {name: Film, type: video, prompt: p, image: b.png}\n"
                + "- {name: Many, type: image, prompt: p, variations: 3}\n";

        assertThat(problems(jobs)).containsExactly(problem);
    }

    @Test
    void aModelThatTakesNoImageTakesNoneFromAJobEither() {
        assertThat(problems("""
                                - {name: Hero, type: image, prompt: p}
                                - {name: Next, type: image, model: google/imagen4-ultra/text-to-image, prompt: p, image: {from: Hero}}
                                - {name: Last, type: image, prompt: p, last_image: {from: Hero}}
                                """))
                .containsExactly(
                        "a.yaml:6: job \"Next\": image: google/imagen4-ultra/text-to-image takes no input image",
                        "a.yaml:7: job \"Last\": last_image: black-forest-labs/flux-2-pro/text-to-image takes no image"
                                + " to end on");
    }

    @Test
    void jobsThatNeedEachOtherAreNamedInTheirCircle() {
        String edit = "type: image, model: black-forest-labs/flux-2-pro/edit, prompt: p";

        assertThat(problems("- {name: A, " + edit + ", image: {from: C}}\n- {name: B, " + edit
                        + ", image: {from: A}}\n- {name: C, " + edit + ", image: {from: B}}\n- {name: D, " + edit
                        + ", image: {from: C}}\n- {name: E, " + edit + ", image: {from: E}}\n"))
                .containsExactly(
                        "a.yaml:5: job \"A\": image: goes in a circle: \"A\" needs \"C\" needs \"B\" needs \"A\"; one of"
                                + " them must start without the others",
                        "a.yaml:9: job \"E\": image: goes in a circle: \"E\" needs \"E\"; one of them must start without"
                                + " the others");
    }

    @Test
    void aChainHasAtMost200Jobs() {
        String clips = "- {name: Clip, type: video, prompt: p, image: {from: Hero}, variations: ";

        assertThat(plan("- {name: Hero, type: image, prompt: p}\n" + clips + "199}\n")
                        .jobs())
                .hasSize(200);
        assertThat(problems("- {name: Hero, type: image, prompt: p}\n" + clips + "200}\n"))
                .containsExactly(
                        "a.yaml:6: job \"Clip\": image: connects 201 jobs into one chain, and a chain has at most"
                                + " 200; let fewer jobs share an image, or put the image in as a file");
    }

    @Test
    void aJobThatCannotBeReadIsNotMissedByOthers() {
        assertThat(problems("""
                                - {name: Hero, type: picture, prompt: p}
                                - {name: Clip, type: video, prompt: p, image: {from: Hero}}
                                """))
                .containsExactly("a.yaml:5: job \"Hero\": type: must be `image` or `video` (is \"picture\")");
    }

    @Test
    void eachVariationIsAJobWithItsFileAndItsSeed() {
        Plan plan = plan("""
                - {name: Hero Shot, id: sku-1, type: image, prompt: p, variations: 3}
                - {name: Clip, type: video, prompt: p, image: b.png, variations: 2, params: {seed: 40}}
                """);

        assertThat(plan.jobs())
                .extracting(PlannedJob::basePath)
                .containsExactly(
                        "images/hero_shot", "images/hero_shot_2", "images/hero_shot_3", "videos/clip", "videos/clip_2");
        assertThat(plan.jobs())
                .extracting(job -> job.request().path("seed").asInt())
                .containsExactly(0, 1, 2, 40, 41);
        assertThat(plan.jobs())
                .extracting(PlannedJob::variation)
                .containsExactly(Optional.of(1), Optional.of(2), Optional.of(3), Optional.of(1), Optional.of(2));
        assertThat(plan.estimate().total()).isEqualTo(new BigDecimal("0.22"));
    }

    @Test
    void aModelWithoutASeedGetsNone() {
        assertThat(plan("- {name: A, type: image, model: some/model, prompt: p, variations: 2}\n")
                        .jobs())
                .noneMatch(job -> job.request().has("seed"));
    }

    @Test
    void aSeedThatCannotBeCountedOnIsAProblemOfVariations() {
        assertThat(problems("- {name: A, type: image, prompt: p, variations: 2, params: {seed: -1}}\n"))
                .containsExactly("a.yaml:5: job \"A\": params.seed: must be a whole number from 0 on where there are"
                        + " variations: each take gets the next one (is -1)");
    }

    @Test
    void variationsOfBothTakeTheirImagesOneByOne() {
        Plan plan = plan("""
                - {name: Hero, type: image, prompt: p, variations: 2}
                - {name: Clip, type: video, prompt: p, image: {from: Hero}, variations: 2}
                - {name: Second, type: video, prompt: p, image: {from: "Hero#2"}}
                """);

        assertThat(plan.jobs())
                .extracting(job -> job.sources().stream().map(SourceImage::job).toList())
                .containsExactly(List.of(), List.of(), List.of(0), List.of(1), List.of(1));
        assertThat(places(plan)).containsExactly("0/0", "1/0", "0/1", "1/1", "1/1");
    }

    @Test
    void moreThan100000VariationsAreRefused() {
        String many = "- {name: A, type: image, prompt: p, variations: 1000}\n";

        assertThat(problems(many.repeat(101)))
                .containsExactly(
                        "a.yaml: jobs: are 101000 with their variations, and a batch has at most 100,000; split the batch");
    }

    private static List<String> places(Plan plan) {
        return plan.jobs().stream()
                .map(job -> job.chain().map(ChainedPlanTest::text).orElse("-"))
                .toList();
    }

    private static String text(ChainPlace place) {
        return place.chain() + "/" + place.level();
    }

    private static List<String> problems(String jobs) {
        return catchThrowableOfType(InvalidConfigException.class, () -> plan(jobs)).problems().stream()
                .map(ConfigProblem::toString)
                .toList();
    }

    private static Plan plan(String jobs) {
        return plan("", jobs);
    }

    private static Plan plan(String fields, String jobs) {
        byte[] config = (DEFAULTS + fields + "jobs:\n" + jobs).getBytes(StandardCharsets.UTF_8);
        return Planner.plan(new ConfigReader(), "a.yaml", config, Catalog.shipped(), InputFinder.AS_WRITTEN);
    }
}
