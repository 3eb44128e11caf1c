package io.reelbatch.domain.planning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.reelbatch.domain.catalog.Catalog;
import io.reelbatch.domain.config.ConfigProblem;
import io.reelbatch.domain.config.ConfigReader;
import io.reelbatch.domain.config.InvalidConfigException;
import io.reelbatch.domain.plan.InputImage;
import io.reelbatch.domain.plan.PlannedJob;
import io.reelbatch.domain.planning.Estimate.ModelEstimate;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlannerTest {
    private static final String FLUX = "type: image, model: black-forest-labs/flux-2-pro/text-to-image";
    private static final String IMAGEN = "type: image, model: google/imagen4-ultra/text-to-image";
    private static final String SEEDANCE = "type: video, model: bytedance/seedance-v1.5-pro/text-to-video";
    private static final String VEO = "type: video, model: google/veo3.1/text-to-video";
    private static final String SORA = "type: video, model: openai/sora-v2/text-to-video";
    private static final String UNKNOWN = "model: somebody/new-model";

    @Test
    void aJobIsFullyDecided() {
        PlannedJob job = plan("max_workers: 7\njobs:\n- {name: Hero Shot, " + FLUX
                        + ", prompt: shoes, width: 2048, id: sku-1, retries: 1, timeout: 90s, max_queue_wait: 5m}")
                .jobs()
                .get(0);

        assertThat(job.index()).isZero();
        assertThat(job.id()).contains("sku-1");
        assertThat(job.name()).isEqualTo("Hero Shot");
        assertThat(job.endpoint()).isEqualTo("generateImage");
        assertThat(job.request())
                .hasToString("{\"model\":\"black-forest-labs/flux-2-pro/text-to-image\",\"prompt\":\"shoes\","
                        + "\"size\":\"2048*1024\"}");
        assertThat(job.basePath()).isEqualTo("images/hero_shot");
        assertThat(job.price()).isEqualTo(new BigDecimal("0.04"));
        assertThat(job.priceGuessed()).isFalse();
        assertThat(job.expected()).isEqualTo(Duration.ofMillis(12_500));
        assertThat(job.timeout()).isEqualTo(Duration.ofSeconds(90));
        assertThat(job.retries()).isEqualTo(1);
        assertThat(job.maxQueueWait()).isEqualTo(Duration.ofMinutes(5));
        assertThat(job.warnings()).isEmpty();
    }

    /** Published: 10 s of seedance 0.22, of veo 0.30, of sora 1.50; any other model 0.05. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                SEEDANCE + ", duration: 10 | 0.22",
                SEEDANCE + " | 0.11",
                VEO + ", duration: 10 | 0.30",
                VEO + ", duration: 8 | 0.24",
                VEO + " | 0.15",
                SORA + ", duration: 10 | 1.50",
                FLUX + " | 0.04",
                IMAGEN + " | 0.06",
                "type: video, " + UNKNOWN + ", duration: 60 | 0.05"
            })
    void pricesAreAsPublishedForWhatWasAskedFor(String job, BigDecimal price) {
        assertThat(planned(job).price()).isEqualTo(price);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                FLUX + "                                     | \"size\":\"1024*1024\"",
                FLUX + ", width: 640, height: 480            | \"size\":\"640*480\"",
                IMAGEN + "                                   | \"aspect_ratio\":\"1:1\"",
                SEEDANCE + "                                 | \"duration\":5,\"resolution\":\"720p\"",
                SEEDANCE + ", resolution: 480P, duration: 12 | \"duration\":12,\"resolution\":\"480p\"",
                SEEDANCE
                        + ", params: {seed: 7, camera_fixed: true} | \"duration\":5,\"resolution\":\"720p\",\"seed\":7,\"camera_fixed\":true",
                VEO
                        + "                                      | \"generate_audio\":false,\"duration\":4,\"resolution\":\"1080p\"",
                VEO
                        + ", resolution: 4K, duration: 6s        | \"generate_audio\":false,\"duration\":6,\"resolution\":\"4k\"",
                VEO
                        + ", params: {generate_audio: 'TRUE'}    | \"generate_audio\":true,\"duration\":4,\"resolution\":\"1080p\"",
                SEEDANCE
                        + ", params: {seed: '7', note: '7'}      | \"duration\":5,\"resolution\":\"720p\",\"seed\":7,\"note\":\"7\"",
                VEO
                        + ", params: {generate_audio: true}      | \"generate_audio\":true,\"duration\":4,\"resolution\":\"1080p\"",
                SORA + ", duration: 10, resolution: 720p     | \"duration\":10,\"resolution\":\"720p\"",
                "type: image, " + UNKNOWN + "                | \"width\":1024,\"height\":1024",
                "type: video, " + UNKNOWN + "                | \"duration\":5,\"resolution\":\"1080p\"",
                "type: video, " + UNKNOWN
                        + ", duration: 99, resolution: huge, width: 9, height: 9 | \"width\":9,\"height\":9,\"duration\":99,\"resolution\":\"huge\"",
                "type: video, model: alibaba/wan-2.6/text-to-video | \"duration\":5,\"resolution\":\"1080P\""
            })
    void fieldsBecomeTheModelsOwnParameters(String job, String parameters) {
        PlannedJob planned = planned(job);

        assertThat(planned.request().toString()).endsWith("\"prompt\":\"p\"," + parameters + "}");
        assertThat(planned.warnings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                SEEDANCE
                        + ", resolution: 1080p | bytedance/seedance-v1.5-pro/text-to-video: resolution 1080p is sent as 720p (the model takes 480p or 720p)",
                VEO
                        + ", duration: 5 | google/veo3.1/text-to-video: duration 5 s is sent as 4 s (the model takes 4, 6 or 8 seconds) and priced as 5 s",
                VEO
                        + ", duration: 10 | google/veo3.1/text-to-video: duration 10 s is sent as 8 s (the model takes 4, 6 or 8 seconds) and priced as 10 s",
                IMAGEN
                        + ", width: 2048, height: 2048 | google/imagen4-ultra/text-to-image: size 2048x2048 is sent as aspect ratio 1:1; the model chooses the pixels",
                IMAGEN
                        + ", width: 2048 | google/imagen4-ultra/text-to-image: size 2048x1024 is sent as aspect ratio 16:9; the model chooses the pixels",
                SEEDANCE
                        + ", width: 1080, height: 1920 | bytedance/seedance-v1.5-pro/text-to-video: size 1080x1920 is sent as aspect ratio 9:16; the model chooses the pixels",
                FLUX
                        + ", duration: 5 | black-forest-labs/flux-2-pro/text-to-image: duration is for videos only and left out",
                FLUX
                        + ", resolution: 1080p | black-forest-labs/flux-2-pro/text-to-image: resolution is for videos only and left out",
                FLUX
                        + ", width: 512, params: {size: 9*9} | black-forest-labs/flux-2-pro/text-to-image: params.size goes before width and height",
                SEEDANCE
                        + ", duration: 5, params: {duration: 8} | bytedance/seedance-v1.5-pro/text-to-video: params.duration goes before duration"
            })
    void whatIsAdaptedIsSaid(String job, String warning) {
        assertThat(planned(job).warnings()).containsExactly(warning);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                VEO
                        + ", duration: 7 | duration: 7 seconds is not a length of google/veo3.1/text-to-video, which takes 4, 6 or 8 seconds",
                SEEDANCE
                        + ", duration: 3 | duration: 3 seconds is not a length of bytedance/seedance-v1.5-pro/text-to-video, which takes 4 to 12 seconds",
                SEEDANCE
                        + ", resolution: 4k | resolution: 4k is not a resolution of bytedance/seedance-v1.5-pro/text-to-video, which takes 480p or 720p",
                VEO
                        + ", width: 1000, height: 1000 | width: 1000x1000 is not a size of google/veo3.1/text-to-video, which takes the aspect ratios 16:9 or 9:16",
                SORA
                        + ", width: 720, height: 1280 | width: cannot be chosen for openai/sora-v2/text-to-video; remove it",
                VEO + ", params: {generate_audio: 'yes'} | params.generate_audio: must be true or false (is yes)",
                SEEDANCE + ", params: {seed: '1.5'} | params.seed: must be a whole number (is 1.5)",
                "type: image, model: google/veo3.1/text-to-video | type: is image, but google/veo3.1/text-to-video makes a video",
                "type: video, model: google/imagen4-ultra/text-to-image | type: is video, but google/imagen4-ultra/text-to-image makes an image"
            })
    void whatTheModelDoesNotTakeIsRefusedBeforeAnythingIsPaid(String job, String problem) {
        assertThat(problems("jobs:\n- {name: A, prompt: p, " + job + "}"))
                .containsExactly("a.yaml:2: job \"A\": " + problem);
    }

    @Test
    void aPriceMustFitWhatIsMade() {
        assertThat(problems("prices: {m/x: {per_second: 1}}\njobs:\n- {name: A, prompt: p, type: image, model: m/x}"))
                .containsExactly(
                        "a.yaml:3: job \"A\": model: has a price per_second (a.yaml), which does not fit an image");
    }

    @Test
    void anImpossibleDefaultIsToldWithItsOwnLine() {
        assertThat(problems("defaults:\n  videos:\n    duration: 7\njobs:\n- {name: A, prompt: p, " + VEO + "}"))
                .singleElement()
                .asString()
                .startsWith("a.yaml:3: job \"A\": duration: 7 seconds");
    }

    @Test
    void whatReadingAndPlanningFindIsToldTogether() {
        InvalidConfigException refused = catchThrowableOfType(
                InvalidConfigException.class,
                () -> plan("max_workers: 3\njobs:\n- {name: A, prompt: p, " + VEO
                        + ", duration: 7}\n- {name: B, prompt: p, " + VEO + ", widht: 7}"));

        assertThat(refused.problems())
                .extracting(ConfigProblem::toString)
                .containsExactly(
                        "a.yaml:3: job \"A\": duration: 7 seconds is not a length of google/veo3.1/text-to-video, which takes 4, 6 or 8 seconds",
                        "a.yaml:4: job \"B\": widht: is not a field here; did you mean `width`?");
    }

    @Test
    void underParamsEverythingIsAllowedAndDecidesThePrice() {
        PlannedJob job = planned(VEO + ", params: {duration: 7, resolution: 8k, prompt_extend: false}");

        assertThat(job.request().path("duration").intValue()).isEqualTo(7);
        assertThat(job.request().path("resolution").textValue()).isEqualTo("8k");
        assertThat(job.price()).isEqualTo(new BigDecimal("0.21"));
        assertThat(job.warnings()).isEmpty();
    }

    @Test
    void aServerOfTheTutorialsShapeGetsTheTutorialsParameters() {
        Plan plan = plan("api: tutorial\njobs:\n- {name: A, prompt: p, " + VEO
                + ", duration: 7}\n- {name: B, prompt: p, " + FLUX + "}");

        assertThat(plan.jobs().get(0).request())
                .hasToString("{\"model\":\"google/veo3.1/text-to-video\",\"prompt\":\"p\",\"duration\":7,"
                        + "\"resolution\":\"1080p\"}");
        assertThat(plan.jobs().get(1).request())
                .hasToString("{\"model\":\"black-forest-labs/flux-2-pro/text-to-image\",\"prompt\":\"p\","
                        + "\"width\":1024,\"height\":1024}");
        assertThat(plan.estimate().total()).isEqualTo(new BigDecimal("0.25"));
    }

    @Test
    void theSameWarningOfManyJobsIsOneLine() {
        Plan plan = plan("defaults: {videos: {resolution: 1080p}}\njobs:\n"
                + ("- {name: A, prompt: p, " + SEEDANCE + "}\n").repeat(5)
                + "- {name: A, prompt: p, type: image, model: google/imagen4-ultra/text-to-imag}");

        assertThat(plan.warnings())
                .containsExactly(
                        "google/imagen4-ultra/text-to-imag: no price is known, so 0.05 USD an item is a guess; did you"
                                + " mean google/imagen4-ultra/text-to-image? (1 job)",
                        "bytedance/seedance-v1.5-pro/text-to-video: resolution 1080p is sent as 720p (the model takes"
                                + " 480p or 720p) (5 jobs)");
        assertThat(plan.jobs().get(5).priceGuessed()).isTrue();
    }

    @Test
    void theEstimateIsByModelWithWhereThePriceComesFrom() {
        Estimate estimate = plan("prices: {m/mine: {per_second: 0.1234}}\njobs:\n- {name: A, prompt: p, " + FLUX
                        + "}\n- {name: B, prompt: p, type: video, model: m/mine, duration: 10}\n- {name: C, prompt: p, "
                        + FLUX + "}\n- {name: D, prompt: p, type: video, " + UNKNOWN + "}")
                .estimate();

        assertThat(estimate.total()).isEqualTo(new BigDecimal("1.364"));
        assertThat(estimate.models())
                .extracting(ModelEstimate::model, ModelEstimate::jobs, ModelEstimate::cost)
                .containsExactly(
                        tuple("black-forest-labs/flux-2-pro/text-to-image", 2, new BigDecimal("0.08")),
                        tuple("m/mine", 1, new BigDecimal("1.234")),
                        tuple("somebody/new-model", 1, new BigDecimal("0.05")));
        assertThat(estimate.models().get(1).price().source()).isEqualTo("a.yaml");
        assertThat(estimate.models().get(2).price().guessed()).isTrue();
    }

    @Test
    void theLongestStartFirstAndEqualsKeepTheirOrder() {
        Plan plan = plan("jobs:\n- {name: A, prompt: p, " + FLUX + "}\n- {name: B, prompt: p, " + SEEDANCE
                + "}\n- {name: C, prompt: p, " + FLUX + "}\n- {name: D, prompt: p, " + SORA
                + "}\n- {name: E, prompt: p, "
                + SEEDANCE + "}");

        assertThat(plan.startOrder()).containsExactly(3, 1, 4, 0, 2);
        assertThat(plan.jobs()).extracting(PlannedJob::index).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void imagesAndVideosDoNotClash() {
        Plan plan = plan("jobs:\n- {name: A, prompt: p, " + FLUX + "}\n- {name: A, prompt: p, " + SEEDANCE
                + "}\n- {name: a, prompt: p, " + FLUX + "}");

        assertThat(plan.jobs()).extracting(PlannedJob::basePath).containsExactly("images/a", "videos/a", "images/a_2");
    }

    private static final String EDIT = "type: image, model: black-forest-labs/flux-2-pro/edit";
    private static final String FROM_IMAGE = "type: video, model: bytedance/seedance-v1.5-pro/image-to-video";
    private static final InputFinder FILES =
            reference -> new InputFinder.Found.File("in/" + reference, "00ff", "image/png", 7);

    @Test
    void aFileStandsInTheRequestAsAMarkerUntilItIsHandedOver() {
        String config = "jobs:\n- {name: A, prompt: p, image: a.png, " + FROM_IMAGE
                + "}\n- {name: B, prompt: p, image: b.png, " + EDIT + "}";

        Plan plan = plan(config, FILES);

        PlannedJob video = plan.jobs().get(0);
        PlannedJob edit = plan.jobs().get(1);
        assertThat(video.request().path("image").asText()).isEqualTo("object:in/a.png");
        assertThat(video.inputs()).containsExactly(new InputImage("image", "in/a.png", "00ff", "image/png", 7));
        assertThat(video.requestWith(input -> "https://up/" + input.key())
                        .path("image")
                        .asText())
                .isEqualTo("https://up/in/a.png");
        assertThat(edit.requestWith(InputImage::sha256).path("images").toString())
                .isEqualTo("[\"00ff\"]");
        assertThat(edit.request().path("images").toString()).isEqualTo("[\"object:in/b.png\"]");
    }

    @Test
    void aFileThatParamsReplaceIsNotHandedOver() {
        PlannedJob job = plan(
                        "jobs:\n- {name: A, prompt: p, image: a.png, params: {image: \"https://x.org/b.png\"}, "
                                + FROM_IMAGE + "}",
                        FILES)
                .jobs()
                .get(0);

        assertThat(job.inputs()).isEmpty();
        assertThat(job.requestWith(input -> "").path("image").asText()).isEqualTo("https://x.org/b.png");
    }

    @Test
    void aReferenceIsLookedAtOnceAndWhatItLacksIsNamedForEachJob() {
        List<String> looked = new ArrayList<>();
        InputFinder nothing = reference -> {
            looked.add(reference);
            return new InputFinder.Found.Unusable("names a file that is not there");
        };
        String config = "jobs:\n- {name: A, prompt: p, image: a.png, " + FROM_IMAGE
                + "}\n- {name: B, prompt: p, image: a.png, " + FROM_IMAGE + "}";

        assertThat(problems(() -> plan(config, nothing)))
                .containsExactly(
                        "a.yaml:2: job \"A\": image: names a file that is not there",
                        "a.yaml:3: job \"B\": image: names a file that is not there");
        assertThat(looked).containsExactly("a.png");
    }

    @Test
    void aServerOfTheTutorialsShapeTakesNoFiles() {
        String config = "api: tutorial\njobs:\n- {name: A, prompt: p, image: a.png, " + FROM_IMAGE + "}";

        assertThat(problems(() -> plan(config, FILES)))
                .singleElement()
                .asString()
                .contains("image: is a file", "https://");
    }

    @Test
    void aModelThatStartsFromAnImageIsRefusedWithoutOne() {
        String config = "jobs:\n- {name: A, prompt: p, " + FROM_IMAGE + "}\n- {name: B, prompt: p, " + EDIT
                + ", variations: 2}\n- {name: C, prompt: p, params: {last_image: \"https://x.org/c.png\"}, "
                + FROM_IMAGE
                + "}";

        assertThat(problems(config))
                .hasSize(3)
                .satisfiesExactly(
                        a -> assertThat(a)
                                .startsWith(
                                        "a.yaml:2: job \"A\": image: is missing, and bytedance/seedance-v1.5-pro/image-to-video"),
                        b -> assertThat(b).startsWith("a.yaml:3: job \"B\": image: is missing"),
                        c -> assertThat(c).startsWith("a.yaml:4: job \"C\": image: is missing"));
    }

    @Test
    void anImageAmongTheModelsOwnParametersIsEnough() {
        assertThat(planned(FROM_IMAGE + ", params: {image: \"https://x.org/b.png\"}")
                        .warnings())
                .isEmpty();
        assertThat(planned(EDIT + ", params: {image_urls: [\"https://x.org/b.png\"]}")
                        .request()
                        .has("image_urls"))
                .isTrue();
    }

    @Test
    void aModelThatOnlyItsNameTellsOfIsWarnedAbout() {
        String warning = ": no `image` is given, and by its name the model needs one";

        assertThat(planned("type: video, model: somebody/new/image-to-video").warnings())
                .contains("somebody/new/image-to-video" + warning);
        assertThat(planned("type: image, model: somebody/new/image-edit").warnings())
                .contains("somebody/new/image-edit" + warning);
        assertThat(planned("type: image, model: openai/gpt-image-2/edit").warnings())
                .contains("openai/gpt-image-2/edit" + warning);
        assertThat(planned("type: image, model: somebody/new/edit, image: \"https://x.org/a.png\"")
                        .warnings())
                .isEmpty();
        assertThat(planned("type: image, model: somebody/new/text-to-image").warnings())
                .isEmpty();
    }

    private static List<String> problems(Executable planning) {
        return catchThrowableOfType(InvalidConfigException.class, planning::execute).problems().stream()
                .map(ConfigProblem::toString)
                .toList();
    }

    private static PlannedJob planned(String job) {
        return plan("jobs:\n- {name: A, prompt: p, " + job + "}").jobs().get(0);
    }

    private static List<String> problems(String config) {
        return problems(() -> plan(config));
    }

    private static Plan plan(String config) {
        return plan(config, InputFinder.AS_WRITTEN);
    }

    private static Plan plan(String config, InputFinder inputs) {
        return Planner.plan(
                new ConfigReader(), "a.yaml", config.getBytes(StandardCharsets.UTF_8), Catalog.shipped(), inputs);
    }
}
