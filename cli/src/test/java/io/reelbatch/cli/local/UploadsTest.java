package io.reelbatch.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.reelbatch.cli.local.BatchLab.Ran;
import io.reelbatch.cli.local.ScriptedProvider.Answer;
import io.reelbatch.cli.local.ScriptedProvider.Script;
import io.reelbatch.cli.simulator.Fault;
import io.reelbatch.cli.simulator.FaultPlan;
import io.reelbatch.cli.simulator.Ledger;
import io.reelbatch.domain.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What can become of the upload of an input image. */
@ExtendWith(Death.Quiet.class)
class UploadsTest {
    private static final String UPLOAD = "/api/v1/model/uploadMedia";
    private static final String SUBMIT = "/api/v1/model/generateVideo";
    private static final String IMAGE = "brand/hero.png";

    @TempDir
    private Path folder;

    @SuppressWarnings("NullAway.Init") // set before each test
    private ScriptedProvider provider;

    @BeforeEach
    void prepare() throws IOException {
        provider = new ScriptedProvider()
                .on(SUBMIT, times -> Answer.json(200, "{\"code\":200,\"data\":{\"id\":\"p1\",\"status\":\"created\"}}"))
                .on("/files/", times -> Answer.png());
        provider.completing(provider.file("1.png"));
    }

    @AfterEach
    void close() {
        provider.close();
    }

    private BatchLab lab() throws IOException {
        return withImage(new BatchLab(folder.resolve("out")));
    }

    private static BatchLab withImage(BatchLab lab) throws IOException {
        lab.put(IMAGE, InputImagesTest.png());
        return lab;
    }

    private BatchLab lab(Script upload) throws IOException {
        provider.on(UPLOAD, upload);
        return lab().against(provider.baseUrl());
    }

    private static Answer uploaded() {
        return Answer.json(200, "{\"code\":200,\"data\":{\"download_url\":\"https://files.example/hero.png\"}}");
    }

    private static String clipsWith(String settings, String... names) {
        StringBuilder config =
                new StringBuilder("defaults: {type: video, model: bytedance/seedance-v1.5-pro/image-to-video,"
                        + " image: \"s3://local/" + IMAGE + "\", timeout: 86400, " + settings + "}\njobs:\n");
        for (String name : names) {
            config.append("  - {name: ")
                    .append(name)
                    .append(", prompt: ")
                    .append(name)
                    .append("}\n");
        }
        return config.toString();
    }

    private static String clips(String... names) {
        return clipsWith("max_queue_wait: 86400", names);
    }

    @Test
    void anImageThatTheProviderRefusesFailsItsJobsBeforeAnythingIsPaid() throws Exception {
        try (BatchLab lab = lab(times -> Answer.json(400, "{\"code\":400,\"msg\":\"unsupported colour space\"}"))) {
            Ran ran = lab.run(clips("a", "b"));

            assertThat(ran.results()).hasSize(2).allSatisfy(job -> {
                assertThat(job.path("reason").asText()).isEqualTo("refused");
                assertThat(job.path("error").asText())
                        .contains("input image", "unsupported colour space", "Nothing was charged");
                assertThat(job.path("attempts").asInt()).isZero();
            });
            assertThat(provider.count("POST " + SUBMIT)).isZero();
        }
    }

    @Test
    void anUploadThatFailsForAWhileIsTriedAgain() throws Exception {
        List<Answer> bad =
                List.of(Answer.html(503), Answer.json(500, "{\"code\":500,\"msg\":\"try later\"}"), Answer.html(502));
        try (BatchLab lab = lab(times -> times < bad.size() ? bad.get(times) : uploaded())) {
            JsonNode job = lab.run(clips("a")).job("a");

            assertThat(job.path("status").asText()).as("%s", job).isEqualTo("success");
            assertThat(provider.count("POST " + UPLOAD)).isEqualTo(bad.size() + 1L);
            assertThat(provider.count("POST " + SUBMIT)).isOne();
        }
    }

    @Test
    void anUploadThatNeverSucceedsEndsWithTheJobsQueueWait() throws Exception {
        try (BatchLab lab = lab(times -> Answer.html(503))) {
            JsonNode job = lab.run(clipsWith("max_queue_wait: 60", "a")).job("a");

            assertThat(job.path("reason").asText()).as("%s", job).isEqualTo("queue_expired");
            assertThat(provider.count("POST " + SUBMIT)).isZero();
        }
    }

    @Test
    void whatACrashLeftHalfUploadedIsUploadedAgainOnceItsLeaseEnds() throws Exception {
        try (BatchLab lab = lab(times -> uploaded())) {
            lab.plan(clips("a"));
            Death death = new Death(1, moment -> moment.startsWith("after writing the fact upload/"));
            death.strike(lab);
            assertThat(death.where()).isPresent();
            assertThat(provider.count("POST")).isZero();

            lab.wait(Duration.ofHours(4));
            JsonNode job = lab.resume().job("a");
            assertThat(job.path("status").asText()).as("%s", job).isEqualTo("success");
            assertThat(provider.count("POST " + UPLOAD)).isOne();
            assertThat(provider.count("POST " + SUBMIT)).isOne();
        }
    }

    @Test
    void anAddressIsUsedForTwelveHoursAndThenReplaced() throws Exception {
        FaultPlan refused = FaultPlan.eachJob(Fault.SUBMIT_400, Fault.SUBMIT_400);
        FaultPlan bOnceAndCTwice =
                refused.only("c").or(FaultPlan.eachJob(Fault.SUBMIT_400).only("b"));
        try (BatchLab lab =
                withImage(new BatchLab(folder.resolve("out"), settings -> settings.withFaults(bOnceAndCTwice)))) {
            assertThat(lab.run(clips("a", "b", "c"))
                            .summary()
                            .path("successful")
                            .asInt())
                    .isOne();
            lab.wait(Duration.ofHours(11));
            assertThat(lab.retry().summary().path("successful").asInt()).isEqualTo(2);
            lab.wait(Duration.ofHours(2));
            assertThat(lab.retry().summary().path("successful").asInt()).isEqualTo(3);

            assertThat(imageOf(lab, "b")).isEqualTo(imageOf(lab, "a"));
            assertThat(imageOf(lab, "c")).isNotEqualTo(imageOf(lab, "a"));
        }
    }

    private static String imageOf(BatchLab lab, String prompt) throws IOException {
        Ledger.Entry entry = lab.simulator().ledger().entries().stream()
                .filter(one -> one.prediction().prompt().equals(prompt))
                .findFirst()
                .orElseThrow();
        return Json.mapper().readTree(entry.prediction().body()).path("image").asText();
    }
}
