package io.reelbatch.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import io.reelbatch.cli.local.BatchLab.Machine;
import io.reelbatch.cli.local.BatchLab.Ran;
import io.reelbatch.cli.simulator.Fault;
import io.reelbatch.cli.simulator.FaultPlan;
import io.reelbatch.cli.simulator.Ledger.Entry;
import io.reelbatch.cli.simulator.Ledger.Submit;
import io.reelbatch.cli.simulator.Prediction;
import io.reelbatch.cli.simulator.media.MediaKind;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.job.JobState;
import io.reelbatch.domain.json.Json;
import io.reelbatch.domain.store.JobStore;
import io.reelbatch.domain.store.JobStore.Written;
import io.reelbatch.engine.Execution;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that take their images from others, from the config to the provider's own ledger. */
class ChainsTest {
    private static final String DEFAULTS = """
            defaults:
              images: {model: black-forest-labs/flux-2-pro/text-to-image, width: 64, height: 64}
              videos: {model: bytedance/seedance-v1.5-pro/image-to-video, duration: 4, resolution: 480p}
            """;

    private static final String HERO_AND_CLIPS = """
            jobs:
              - {name: Hero, type: image, prompt: hero}
              - {name: Clip One, type: video, prompt: one, image: {from: Hero}}
              - {name: Clip Two, type: video, prompt: two, image: {from: Hero}}
            """;

    @TempDir
    Path folder;

    @Test
    void theExamplesClipsAreMadeFromItsImages() throws IOException {
        try (BatchLab lab = new BatchLab(folder)) {
            Ran ran = lab.run(Files.readString(Path.of("..", "examples", "chain.yaml")));

            assertThat(ran.execution().status()).hasToString("SUCCEEDED");
            assertThat(ran.results()).hasSize(9);
            lab.assertStoredAsServed(ran);
            Map<String, Integer> clips = new TreeMap<>();
            for (String image : inputs(lab)) {
                clips.merge(predictionBehind(lab, image), 1, Integer::sum);
            }
            List<String> images = ran.results().stream()
                    .filter(result -> result.path("type").asText().equals("image"))
                    .map(result -> result.path("predictions").path(0).asText())
                    .toList();
            assertThat(clips.keySet()).containsExactlyInAnyOrderElementsOf(images);
            assertThat(clips.values()).containsOnly(2);
        }
    }

    /** The prediction whose output an address of the simulator leads to. */
    private static String predictionBehind(BatchLab lab, String url) {
        return lab.simulator().ledger().entries().stream()
                .map(entry -> entry.prediction().id())
                .filter(url::contains)
                .findFirst()
                .orElse("none behind " + url);
    }

    @Test
    void aFailedSourceFailsWhatNeedsItUnpaidAndRetryRunsBothAgain() throws IOException {
        FaultPlan once = FaultPlan.eachJob(Fault.SUBMIT_400).only("hero");
        try (BatchLab lab = new BatchLab(folder, settings -> settings.withFaults(once))) {
            Ran ran = lab.run(DEFAULTS + HERO_AND_CLIPS);

            assertThat(ran.job("Hero").path("reason").asText()).isEqualTo("refused");
            assertThat(ran.job("Clip One").path("reason").asText()).isEqualTo("source_failed");
            assertThat(ran.job("Clip One").path("error").asText()).contains("\"Hero\"", "refused", "retry");
            assertThat(ran.job("Clip Two").path("reason").asText()).isEqualTo("source_failed");
            assertThat(ran.job("Clip Two").path("attempts").asInt()).isZero();
            assertThat(lab.simulator().ledger().charges()).isEmpty();

            Ran again = lab.retry();

            assertThat(again.summary().path("failed").asInt()).isZero();
            assertThat(submits(lab, submit -> submit.status() == 200)).hasSize(3);
        }
    }

    private static List<String> submits(BatchLab lab, Predicate<Submit> filter) {
        return lab.simulator().ledger().submits().stream()
                .filter(filter)
                .map(Submit::prompt)
                .toList();
    }

    @Test
    void aBatchThatWasInterruptedGoesOnInTheMiddleOfAChain() throws IOException {
        try (BatchLab lab = new BatchLab(folder)) {
            lab.plan(DEFAULTS + HERO_AND_CLIPS);
            try (Machine machine = lab.machine()) {
                Execution execution = machine.start(false);
                while (lab.simulator().ledger().entries().size() < 2) {
                    Thread.onSpinWait();
                }
                assertThat(machine.drain(execution)).isTrue();
            }

            Ran ran = lab.resume();

            assertThat(ran.summary().path("successful").asInt()).isEqualTo(3);
            assertThat(submits(lab, submit -> true)).containsExactlyInAnyOrder("hero", "one", "two");
        }
    }

    @Test
    void siblingsRunAtTheSameTime() throws IOException {
        FaultPlan endless = FaultPlan.eachJob(Fault.ENDLESS)
                .only("one")
                .or(FaultPlan.eachJob(Fault.ENDLESS).only("two"));
        try (BatchLab lab = new BatchLab(folder, settings -> settings.withFaults(endless))) {
            lab.plan(DEFAULTS.replace("480p", "480p, timeout: 24h") + HERO_AND_CLIPS);
            try (Machine machine = lab.machine()) {
                Execution execution = machine.start(false);
                while (lab.simulator().ledger().entries().size() < 3) {
                    assertThat(execution.result()).isNotDone();
                    Thread.onSpinWait();
                }
                machine.drain(execution);
            }
        }
    }

    @Test
    void jobsOfAChainCountAgainstMaxWorkersLikeOthers() throws IOException {
        StringBuilder jobs = new StringBuilder("max_workers: 2\njobs:\n- {name: Hero, type: image, prompt: hero}\n");
        for (int i = 0; i < 5; i++) {
            jobs.append("- {name: Clip, type: video, image: {from: Hero}, prompt: clip ")
                    .append(i)
                    .append("}\n");
            jobs.append("- {name: Shot, type: image, prompt: shot ").append(i).append("}\n");
        }
        try (BatchLab lab = new BatchLab(folder)) {
            Ran ran = lab.run(DEFAULTS + jobs);

            assertThat(ran.summary().path("successful").asInt()).isEqualTo(11);
            assertThat(mostAtOnce(lab)).isEqualTo(2);
        }
    }

    private static long mostAtOnce(BatchLab lab) {
        List<Prediction> all = lab.simulator().ledger().entries().stream()
                .map(Entry::prediction)
                .toList();
        return all.stream()
                .mapToLong(one -> all.stream()
                        .filter(other -> !other.acceptedAt().isAfter(one.acceptedAt())
                                && other.readyAt().isAfter(one.acceptedAt()))
                        .count())
                .max()
                .orElse(0);
    }

    /** 40 pieces of work, one of them a chain whose image is never done. */
    @Test
    void aStuckChainHoldsUpNobodyElse() throws Exception {
        FaultPlan endless = FaultPlan.eachJob(Fault.ENDLESS).only("hero");
        CountDownLatch others = new CountDownLatch(39);
        StringBuilder jobs = new StringBuilder("max_workers: 8\n")
                .append(HERO_AND_CLIPS.replace("prompt: hero", "prompt: hero, timeout: 24h"));
        for (int i = 0; i < 39; i++) {
            jobs.append("  - {name: Shot, type: image, prompt: shot ").append(i).append("}\n");
        }
        try (BatchLab lab = new BatchLab(folder, settings -> settings.withFaults(endless))
                .withJobStores(store -> counting(store, others))) {
            lab.plan(DEFAULTS + jobs);
            try (Machine machine = lab.machine()) {
                Execution execution = machine.start(false);

                assertThat(others.await(5, TimeUnit.MINUTES)).isTrue();
                assertThat(execution.result()).isNotDone();
                assertThat(submits(lab, submit -> submit.kind() == MediaKind.VIDEO))
                        .isEmpty();
                machine.drain(execution);
            }
        }
    }

    /** Counts the jobs that are stored. */
    private static JobStore counting(JobStore store, CountDownLatch stored) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            Object result = method.invoke(store, arguments);
            if (result == Written.DONE && arguments[0] instanceof JobRecord job && job.state() == JobState.STORED) {
                stored.countDown();
            }
            return result;
        };
        Class<?>[] port = {JobStore.class};
        return JobStore.class.cast(Proxy.newProxyInstance(JobStore.class.getClassLoader(), port, handler));
    }

    @Test
    void anAddressOfTheProviderThatIsOldIsReplacedByAnUpload() throws IOException {
        FaultPlan once = FaultPlan.eachJob(Fault.SUBMIT_400)
                .only("one")
                .or(FaultPlan.eachJob(Fault.SUBMIT_400).only("two"));
        try (BatchLab lab = new BatchLab(folder, settings -> settings.withFaults(once))) {
            lab.run(DEFAULTS + HERO_AND_CLIPS);
            lab.wait(Duration.ofHours(13));

            Ran ran = lab.retry();

            assertThat(ran.summary().path("failed").asInt()).isZero();
            for (String image : inputs(lab)) {
                assertThat(predictionBehind(lab, image)).startsWith("none");
            }
            assertThat(Set.copyOf(inputs(lab))).as("uploaded once").hasSize(1);
        }
    }

    private static List<String> inputs(BatchLab lab) throws IOException {
        List<String> images = new ArrayList<>();
        for (Entry entry : lab.simulator().ledger().entries()) {
            JsonNode body = Json.mapper().readTree(entry.prediction().body());
            if (body.has("image")) {
                images.add(body.path("image").asText());
            }
        }
        return images;
    }

    @Test
    void aChainIsReusedAsAWhole() throws IOException {
        String config = "reuse: true\n" + DEFAULTS + HERO_AND_CLIPS;
        try (LocalBatch first = new LocalBatch(folder, "b1", settings -> settings)) {
            assertThat(first.run(config, Map.of()).path("successful").asInt()).isEqualTo(3);
        }
        try (LocalBatch second = new LocalBatch(folder, "b2", settings -> settings)) {
            JsonNode manifest = second.run(config, Map.of());

            assertThat(manifest.path("successful").asInt()).isEqualTo(3);
            assertThat(second.simulator.ledger().submits()).isEmpty();
        }
    }

    @Test
    void variationsAreFilesWithSeedsOfTheirOwn() throws IOException {
        try (BatchLab lab = new BatchLab(folder)) {
            Ran ran = lab.run(DEFAULTS
                    + "jobs:\n- {name: Hero Shot, type: image, prompt: hero, variations: 3}\n"
                    + "- {name: Clip, type: video, prompt: clip, image: {from: \"Hero Shot#2\"}}\n");

            assertThat(ran.results())
                    .extracting(
                            result -> result.path("path").asText(),
                            result -> result.path("variation").asText(),
                            result -> result.path("seed").asText())
                    .containsExactly(
                            tuple("images/hero_shot.png", "1", "0"),
                            tuple("images/hero_shot_2.png", "2", "1"),
                            tuple("images/hero_shot_3.png", "3", "2"),
                            tuple("videos/clip.mp4", "null", "null"));
            assertThat(inputs(lab))
                    .hasSize(1)
                    .allSatisfy(image -> assertThat(predictionBehind(lab, image))
                            .isEqualTo(ran.results()
                                    .get(1)
                                    .path("predictions")
                                    .path(0)
                                    .asText()));
        }
    }
}
