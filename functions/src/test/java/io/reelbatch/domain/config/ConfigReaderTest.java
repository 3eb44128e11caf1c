package io.reelbatch.domain.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.reelbatch.domain.catalog.Price;
import io.reelbatch.domain.catalog.Price.Unit;
import io.reelbatch.domain.job.BatchSettings.OnUnknownSubmit;
import io.reelbatch.domain.job.BatchSettings.ProviderApi;
import io.reelbatch.domain.job.NotifySettings;
import io.reelbatch.domain.plan.JobType;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is accepted, and what it means. */
class ConfigReaderTest {
    private static final String TUTORIAL = """
            output_dir: weekly_content
            max_workers: 3
            jobs:
              - name: Hero Shot                   # -> images/hero_shot.png
                type: image                       # image | video decides the endpoint
                model: google/imagen4-ultra/text-to-image
                prompt: A pair of running shoes on wet asphalt
                width: 2048                       # default 1024
                height: 2048
              - name: Unboxing Clip               # -> videos/unboxing_clip.mp4
                type: video
                model: bytedance/seedance-v1.5-pro/text-to-video
                prompt: Hands open a shoe box
                duration: 10                      # seconds, default 5
                resolution: 1080p                 # default
            """;

    @Test
    void aConfigOfTheTutorialReadsAsItIs() {
        BatchConfig config = read("tutorial.yaml", TUTORIAL);

        assertThat(config.outputDir()).isEqualTo("weekly_content");
        assertThat(config.maxWorkers()).isEqualTo(3);
        assertThat(config.jobs()).extracting(JobConfig::name).containsExactly("Hero Shot", "Unboxing Clip");
        JobConfig image = config.jobs().get(0);
        assertThat(image.type()).isEqualTo(JobType.IMAGE);
        assertThat(image.width()).contains(2048);
        assertThat(image.duration()).isEmpty();
        JobConfig video = config.jobs().get(1);
        assertThat(video.type()).isEqualTo(JobType.VIDEO);
        assertThat(video.duration()).contains(10);
        assertThat(video.resolution()).contains("1080p");
    }

    @ParameterizedTest
    @ValueSource(strings = {"batch.json", "batch.yaml", "batch", "configs/2026/batch.JSON"})
    void jsonIsReadWhateverTheFileIsCalled(String name) {
        BatchConfig config = read(name, """
                {"$schema": "../schemas/batch.schema.json", "jobs": [
                \t{"name": "A", "type": "image", "model": "m/x", "prompt": "p", "params": {"strength": 0.10}}
                ]}
                """);

        assertThat(config.jobs()).singleElement().satisfies(job -> {
            assertThat(job.name()).isEqualTo("A");
            assertThat(job.params().path("strength").decimalValue()).isEqualTo(new BigDecimal("0.10"));
            assertThat(job.lines().of("prompt")).contains(2);
        });
    }

    @Test
    void yamlInBracesIsReadToo() {
        assertThat(read("a.yaml", "{jobs: [{name: A, type: image, model: m/x, prompt: p}]}")
                        .jobs())
                .hasSize(1);
    }

    @Test
    void whatNobodySaysHasADefault() {
        BatchConfig config = read("a.yaml", """
                jobs:
                  - {name: A, type: image, model: m/x, prompt: p}
                  - {name: B, type: video, model: m/y, prompt: p, width: , params: }
                """);

        assertThat(config.outputDir()).isEqualTo("output");
        assertThat(config.maxWorkers()).isEqualTo(3);
        assertThat(config.budget()).isEmpty();
        assertThat(config.onUnknownSubmit()).isEqualTo(OnUnknownSubmit.RESUBMIT);
        assertThat(config.api()).isEqualTo(ProviderApi.ATLAS);
        assertThat(config.prices()).isEmpty();
        assertThat(config.reuse()).isFalse();
        assertThat(config.maxDownload()).isEmpty();
        assertThat(config.notification()).isEmpty();
        JobConfig image = config.jobs().get(0);
        assertThat(image.retries()).isEqualTo(2);
        assertThat(image.timeout()).isEqualTo(Duration.ofMinutes(5));
        assertThat(image.maxQueueWait()).isEqualTo(Duration.ofHours(1));
        assertThat(image.params()).isEmpty();
        assertThat(config.jobs().get(1).timeout()).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void everyFieldOfTheBatchIsRead() {
        BatchConfig config = read("a.yaml", """
                output_dir: ../elsewhere
                max_workers: 200
                budget: 5.10
                on_unknown_submit: fail
                api: tutorial
                max_download: 500MB
                prices:
                  m/x: {per_image: 0.035}
                  m/y: {per_second: 0.2, source: our contract, date: 2026-10-01}
                jobs:
                  - {name: A, type: image, model: m/x, prompt: p, id: sku-1, retries: 0, timeout: 90s, max_queue_wait: 2h}
                """);

        assertThat(config.outputDir()).isEqualTo("../elsewhere");
        assertThat(config.maxWorkers()).isEqualTo(200);
        assertThat(config.budget()).contains(new BigDecimal("5.10"));
        assertThat(config.onUnknownSubmit()).isEqualTo(OnUnknownSubmit.FAIL);
        assertThat(config.api()).isEqualTo(ProviderApi.TUTORIAL);
        assertThat(config.maxDownload()).contains(500_000_000L);
        assertThat(config.settings().maxDownload()).contains(500_000_000L);
        assertThat(config.prices())
                .containsOnly(
                        entry("m/x", new Price(new BigDecimal("0.035"), Unit.IMAGE, "a.yaml", Optional.empty(), false)),
                        entry(
                                "m/y",
                                new Price(
                                        new BigDecimal("0.2"),
                                        Unit.SECOND,
                                        "our contract",
                                        Optional.of(LocalDate.of(2026, 10, 1)),
                                        false)));
        JobConfig job = config.jobs().get(0);
        assertThat(job.id()).contains("sku-1");
        assertThat(job.retries()).isZero();
        assertThat(job.timeout()).isEqualTo(Duration.ofSeconds(90));
        assertThat(job.maxQueueWait()).isEqualTo(Duration.ofHours(2));
    }

    @ParameterizedTest
    @CsvSource({"90, 90", "90s, 90", "10m, 600", "1h30m, 5400", "24h, 86400"})
    void timesAreSecondsOrSayTheirUnit(String written, long seconds) {
        assertThat(job("timeout: " + written).timeout()).isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @CsvSource({"5, 5", "5s, 5", "10.0, 10"})
    void aDurationIsWholeSeconds(String written, int seconds) {
        assertThat(job("duration: " + written).duration()).contains(seconds);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1080p", "on", "yes", "007", "1_000", "2024-01-01", "12:30", "1e3", "true", "0x1F", "3.10"})
    void unquotedTextStaysText(String word) {
        BatchConfig config = read(
                "a.yaml",
                "jobs: [{name: " + word + ", type: image, model: m/x, prompt: " + word + ", id: " + word
                        + ", resolution: " + word + "}]");

        JobConfig job = config.jobs().get(0);
        assertThat(job.name()).isEqualTo(word);
        assertThat(job.prompt()).isEqualTo(word);
        assertThat(job.id()).contains(word);
        assertThat(job.resolution()).contains(word);
    }

    @Test
    void anUnquotedNumberIsANameInJsonToo() {
        BatchConfig config = read("a.json", """
                {"jobs": [{"name": 2024, "type": "image", "model": "m/x", "prompt": 1.50}]}""");

        assertThat(config.jobs().get(0).name()).isEqualTo("2024");
        assertThat(config.jobs().get(0).prompt()).isEqualTo("1.50");
    }

    @Test
    void paramsKeepTheirTypes() {
        JobConfig job = job("params: {seed: 0x10, cfg: 1.50, audio: true, style: on the road, none: ~, day: 2024-01-01,"
                + " word: \"on\", big: 12345678901234567890, list: [1, a], deep: {a: {b: [false]}}}");

        assertThat(job.params())
                .hasToString("{\"seed\":16,\"cfg\":1.50,\"audio\":true,\"style\":\"on the road\",\"none\":null,"
                        + "\"day\":\"2024-01-01\",\"word\":\"on\",\"big\":12345678901234567890,\"list\":[1,\"a\"],"
                        + "\"deep\":{\"a\":{\"b\":[false]}}}");
    }

    @Test
    void defaultsLieBeneathEachJobTheOnesForItsKindFirst() {
        BatchConfig config = read("a.yaml", """
                defaults:
                  type: image
                  timeout: 60
                  width: 512
                  resolution: 480p
                  params: {seed: 1, style: photo}
                  images: {model: m/image, height: 256, params: {seed: 2}}
                  videos: {model: m/video, timeout: 120, width: 640}
                jobs:
                  - {name: A, prompt: p}
                  - {name: B, prompt: p, width: 1, params: {seed: 3, own: x}}
                  - {name: C, prompt: p, type: video, duration: 7}
                """);

        JobConfig a = config.jobs().get(0);
        assertThat(a.type()).isEqualTo(JobType.IMAGE);
        assertThat(a.model()).isEqualTo("m/image");
        assertThat(a.timeout()).isEqualTo(Duration.ofMinutes(1));
        assertThat(a.width()).contains(512);
        assertThat(a.height()).contains(256);
        assertThat(a.resolution()).as("for videos only").isEmpty();
        assertThat(a.params()).hasToString("{\"seed\":2,\"style\":\"photo\"}");
        assertThat(a.lines().of("model")).contains(7);
        assertThat(a.lines().of("name")).contains(10);
        JobConfig b = config.jobs().get(1);
        assertThat(b.width()).contains(1);
        assertThat(b.params()).hasToString("{\"seed\":3,\"own\":\"x\",\"style\":\"photo\"}");
        JobConfig c = config.jobs().get(2);
        assertThat(c.model()).isEqualTo("m/video");
        assertThat(c.timeout()).isEqualTo(Duration.ofMinutes(2));
        assertThat(c.width()).as("given for videos").contains(640);
        assertThat(c.resolution()).contains("480p");
        assertThat(c.duration()).contains(7);
    }

    @Test
    void anchorsAliasesAndMergesWorkAndReadAsWhatTheirPlaceAsksFor() {
        BatchConfig config = read("a.yaml", """
                x-shot: &shot
                  type: image
                  model: 2025
                  name: 007
                  params: &look {style: photo, seed: 3}
                jobs:
                  - <<: *shot
                    prompt: first
                  - <<: [*shot]
                    name: other
                    prompt: second
                    params:
                      <<: *look
                      seed: 4
                """);

        assertThat(config.jobs()).extracting(JobConfig::name).containsExactly("007", "other");
        assertThat(config.jobs()).extracting(JobConfig::model).containsOnly("2025");
        assertThat(config.jobs().get(1).params()).hasToString("{\"seed\":4,\"style\":\"photo\"}");
    }

    @Test
    void aByteOrderMarkIsSkipped() {
        for (String name : new String[] {"a.yaml", "a.json"}) {
            String text =
                    "\uFEFF{\"jobs\": [{\"name\": \"A\", \"type\": \"image\", \"model\": \"m\", \"prompt\": \"p\"}]}";
            assertThat(read(name, text).jobs()).hasSize(1);
        }
    }

    @Test
    void oneDocumentWithItsMarksIsFine() {
        assertThat(read("a.yaml", "---\njobs: [{name: A, type: image, model: m, prompt: p}]\n...\n")
                        .jobs())
                .hasSize(1);
    }

    @Test
    void namesAreAnyUnicodeAndMayRepeat() {
        String longest = "🎬".repeat(200);
        BatchConfig config = read(
                "a.yaml",
                "jobs:\n" + "- {name: \"../../etc\", type: image, model: m, prompt: p}\n".repeat(2) + "- {name: \""
                        + longest + "\", type: image, model: m, prompt: p}\n");

        assertThat(config.jobs()).extracting(JobConfig::name).containsExactly("../../etc", "../../etc", longest);
    }

    @Test
    void aJobOfAlmost300KilobytesIsFine() {
        assertThat(job("params: {text: " + "x".repeat(300_000) + "}").params()).hasSize(1);
    }

    @Test
    void settingsAreWhatTheStepsNeed() {
        BatchConfig config = read("tutorial.yaml", TUTORIAL);

        assertThat(config.settings().outputDir()).isEqualTo("weekly_content");
        assertThat(config.settings().maxWorkers()).isEqualTo(3);
        assertThat(config.settings().budget()).isEqualTo(Optional.empty());
    }

    @Test
    void notificationsAndReuseAreRead() {
        BatchConfig config = new ConfigReader().read("a.yaml", """
                reuse: yes
                notify: {webhook: "https://example.com/hook", on: [job], secret: env:HOOK}
                jobs: [{name: A, type: video, model: m/x, prompt: p, image: in.png}]
                """.getBytes(StandardCharsets.UTF_8));

        assertThat(config.reuse()).isTrue();
        assertThat(config.notification())
                .contains(new NotifySettings("https://example.com/hook", true, false, Optional.of("env:HOOK")));
        assertThat(config.jobs().get(0).images()).containsExactly(new InputRef.Given("in.png"));
    }

    private static JobConfig job(String fields) {
        String base = "{name: A, type: video, model: m/x, prompt: p, ";
        return read("a.yaml", "jobs: [" + base + fields + "}]").jobs().get(0);
    }

    private static BatchConfig read(String name, String text) {
        return new ConfigReader().read(name, text.getBytes(StandardCharsets.UTF_8));
    }
}
