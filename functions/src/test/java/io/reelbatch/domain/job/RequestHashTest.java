package io.reelbatch.domain.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.domain.json.Json;
import io.reelbatch.domain.plan.InputImage;
import io.reelbatch.domain.plan.JobType;
import io.reelbatch.domain.plan.PlannedJob;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RequestHashTest {
    @Test
    void theOrderOfParametersAndTheNameOfTheJobDoNotMatter() throws JsonProcessingException {
        assertThat(hash("A", "{\"model\":\"m\",\"prompt\":\"p\",\"cfg\":7.50}"))
                .isEqualTo(hash("B", "{\"cfg\":7.5,\"prompt\":\"p\",\"model\":\"m\"}"))
                .matches("[0-9a-f]{64}");
    }

    @Test
    void everythingThatIsSentMatters() throws JsonProcessingException {
        assertThat(List.of(
                        hash("A", "{\"prompt\":\"p\"}"),
                        hash("A", "{\"prompt\":\"p\",\"seed\":1}"),
                        hash("A", "{\"prompt\":\"p\",\"seed\":\"1\"}"),
                        hash("A", "{\"prompt\":\"p\",\"seed\":[1]}"),
                        hash("A", "{\"prompt\":\"p\",\"seed\":[[1]]}"),
                        hash("A", "{\"prompt\":\"p\",\"seed\":null}"),
                        hash("A", "{\"prompt\":\"p\",\"seed\":true}"),
                        hash("A", "{\"prompt\":\"p\",\"seed\":\"true\"}"),
                        hash("A", "{\"prompt\":\"p}{seed=1\"}"),
                        RequestHash.of("another account", job("A", "{\"prompt\":\"p\"}", List.of()))))
                .doesNotHaveDuplicates();
    }

    @Test
    void anInputCountsByItsBytesWhereverItLies() throws JsonProcessingException {
        assertThat(withInput("batches/a/in.png", "00ff"))
                .isEqualTo(withInput("batches/b/other.png", "00ff"))
                .isNotEqualTo(withInput("batches/a/in.png", "00fe"));
    }

    @Test
    void takesWithoutASeedAreNotEachOther() throws JsonProcessingException {
        PlannedJob job = job("A", "{\"prompt\":\"p\"}", List.of());
        PlannedJob seeded = job("A", "{\"prompt\":\"p\",\"seed\":3}", List.of());

        assertThat(RequestHash.of("a", take(job, 1)))
                .isEqualTo(RequestHash.of("a", job))
                .isNotEqualTo(RequestHash.of("a", take(job, 2)));
        assertThat(RequestHash.of("a", take(seeded, 2))).isEqualTo(RequestHash.of("a", seeded));
    }

    private static String withInput(String key, String sha256) throws JsonProcessingException {
        InputImage input = new InputImage("image", key, sha256, "image/png", 7);
        return RequestHash.of("account", job("A", "{\"image\":\"" + input.marker() + "\"}", List.of(input)));
    }

    private static String hash(String name, String request) throws JsonProcessingException {
        return RequestHash.of("account", job(name, request, List.of()));
    }

    private static PlannedJob take(PlannedJob job, int variation) {
        ObjectNode record = Json.mapper().valueToTree(job);
        return Json.mapper().convertValue(record.put("variation", variation), PlannedJob.class);
    }

    private static PlannedJob job(String name, String request, List<InputImage> inputs) throws JsonProcessingException {
        return new PlannedJob(
                0,
                Optional.empty(),
                name,
                JobType.IMAGE,
                "m",
                "generateImage",
                (ObjectNode) Json.mapper().readTree(request),
                "images/" + name,
                BigDecimal.ONE,
                false,
                Duration.ZERO,
                Duration.ZERO,
                0,
                Duration.ZERO,
                List.of(),
                inputs);
    }
}
