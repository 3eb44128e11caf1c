package io.reelbatch.handlers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.adapters.aws.Emulators;
import io.reelbatch.adapters.aws.UsesDynamoDbLocal;
import io.reelbatch.domain.json.Json;
import io.reelbatch.errors.StoreException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@UsesDynamoDbLocal
class StartBatchTest {
    private static final String GOOD = """
            jobs:
              - name: Hero Shot
                type: image
                model: google/imagen4-ultra/text-to-image
                prompt: A lighthouse
            """;
    private static final String BAD = """
            jobs:
              - name: Hero Shot
                type: image
                prompt: A lighthouse
              - name: Clip
                type: film
                prompt: Waves
            """;

    private final Emulators emulators;
    private final List<String> versionsRead = new ArrayList<>();
    private Lab lab;
    private StartBatch startBatch;

    StartBatchTest(Emulators emulators) {
        this.emulators = emulators;
    }

    @BeforeEach
    void open() throws IOException {
        lab = new Lab(emulators, URI.create("http://127.0.0.1:1/api/v1"));
        AtomicInteger ids = new AtomicInteger();
        startBatch = new StartBatch(
                lab.parts,
                () -> lab.executions,
                (key, version) -> {
                    versionsRead.add(key + " " + version);
                    return new ByteArrayInputStream(GOOD.getBytes(StandardCharsets.UTF_8));
                },
                () -> "random-" + ids.incrementAndGet());
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private ObjectNode uploaded(String key) throws IOException {
        ObjectNode event = Lab.event("s3-object-created");
        ((ObjectNode) event.at("/detail/object")).put("key", key);
        return event;
    }

    @Test
    void anUploadStartsItsBatchOnceHoweverOftenTheEventComes() throws IOException {
        lab.put("configs/weekly.yaml", GOOD);

        JsonNode first = lab.call(startBatch, Lab.event("s3-object-created"));
        JsonNode second = lab.call(startBatch, Lab.event("s3-object-created"));

        String batchId = first.path("batchId").asText();
        assertThat(batchId).matches("weekly-[0-9a-f]{16}");
        assertThat(second).isEqualTo(first);
        assertThat(lab.aws.executions()).containsExactly(batchId);
        assertThat(first.path("executionArn").asText()).endsWith(":execution:reelbatch-batch:" + batchId);
        assertThat(lab.aws.input(batchId).path("configUri").asText())
                .isEqualTo("s3://" + lab.bucket + "/batches/" + batchId + "/config.yaml");
        assertThat(lab.text("batches/" + batchId + "/config.yaml")).isEqualTo(GOOD);
    }

    @Test
    void anEventThatComesAfterTheExecutionHasEndedStartsNothing() throws IOException {
        lab.put("configs/weekly.yaml", GOOD);
        JsonNode first = lab.call(startBatch, Lab.event("s3-object-created"));
        String batchId = first.path("batchId").asText();
        lab.aws.execution(batchId, "SUCCEEDED", "{}");

        assertThat(lab.call(startBatch, Lab.event("s3-object-created"))).isEqualTo(first);
        assertThat(lab.aws.input(batchId)).isEmpty();
    }

    @Test
    void eachVersionOfAnUploadIsABatchOfItsOwnAndReadAsItWas() throws IOException {
        ObjectNode one = uploaded("configs/weekly.yaml");
        ((ObjectNode) one.at("/detail/object")).put("version-id", "v1");
        ObjectNode two = uploaded("configs/weekly.yaml");
        ((ObjectNode) two.at("/detail/object")).put("version-id", "v2");

        lab.call(startBatch, one);
        lab.call(startBatch, two);

        assertThat(lab.aws.executions()).hasSize(2);
        assertThat(versionsRead).containsExactly("configs/weekly.yaml v1", "configs/weekly.yaml v2");
    }

    @Test
    void aBadUploadLeavesAllItsProblemsAndStartsNothing() throws IOException {
        lab.put("configs/team/weekly.yaml", BAD);

        JsonNode answer = lab.call(startBatch, uploaded("configs/team/weekly.yaml"));

        assertThat(answer.path("refused").asText()).isEqualTo("team/weekly.yaml");
        assertThat(lab.text("config-errors/team/weekly.yaml.txt"))
                .contains("weekly.yaml:2: job \"Hero Shot\": model")
                .contains("job \"Clip\": type")
                .contains("Nothing was started");
        assertThat(lab.aws.calls()).isEmpty();
        assertThat(lab.keys("batches/")).isEmpty();
        assertThat(lab.emf.toString(StandardCharsets.UTF_8)).contains("\"ConfigsRefused\":1");
    }

    @Test
    void aCorrectedUploadTakesItsErrorsAway() throws IOException {
        lab.put("config-errors/weekly.yaml.txt", "old");
        lab.put("configs/weekly.yaml", GOOD);

        lab.call(startBatch, Lab.event("s3-object-created"));

        assertThat(lab.keys("config-errors/")).isEmpty();
    }

    @Test
    void aConfigOverItsOwnBudgetIsABadOne() throws IOException {
        lab.put("configs/weekly.yaml", "budget: 0.01\n" + GOOD);

        lab.call(startBatch, Lab.event("s3-object-created"));

        assertThat(lab.text("config-errors/weekly.yaml.txt")).contains("budget").contains("exceeds");
        assertThat(lab.aws.calls()).isEmpty();
    }

    @Test
    void whatIsNoConfigIsLeftAlone() throws IOException {
        for (String key : List.of("configs/readme.md", "batches/b1/config.yaml", "config-errors/weekly.yaml.txt")) {
            assertThat(lab.call(startBatch, uploaded(key)).path("ignored").asText())
                    .isEqualTo(key);
        }
        assertThat(lab.call(startBatch, uploaded("configs/gone.yaml"))
                        .path("ignored")
                        .asText())
                .isEqualTo("configs/gone.yaml");
        assertThat(lab.aws.calls()).isEmpty();
    }

    private ObjectNode schedule() throws IOException {
        return Lab.event("schedule").put("configUri", "s3://" + lab.bucket + "/schedules/weekly.yaml");
    }

    @Test
    void aScheduleStartsABatchForEachOfItsTimes() throws IOException {
        lab.put("schedules/weekly.yaml", GOOD);

        JsonNode first = lab.call(startBatch, schedule());
        JsonNode repeated = lab.call(startBatch, schedule());
        lab.call(startBatch, schedule().put("scheduledTime", "2026-11-30T06:00:00Z"));

        assertThat(repeated).isEqualTo(first);
        assertThat(first.path("batchId").asText()).matches("reelbatch-batch-20261123T060000Z-[0-9a-f]{16}");
        assertThat(lab.aws.executions()).hasSize(2);
    }

    @Test
    void aScheduleWhoseConfigIsMissingLeavesAnError() throws IOException {
        lab.call(startBatch, schedule());

        assertThat(lab.text("config-errors/schedules/reelbatch-batch.txt")).contains("schedules/weekly.yaml");
        assertThat(lab.aws.calls()).isEmpty();
    }

    @Test
    void ofTheMessagesTheGoodOnesStartAndTheBadOnesAreWrittenDown() throws IOException {
        JsonNode answer = lab.call(startBatch, Lab.event("sqs"));

        assertThat(answer.toString()).isEqualTo("{\"batchItemFailures\":[]}");
        assertThat(lab.aws.executions()).hasSize(1);
        assertThat(lab.text("config-errors/queue/2e1424d4-f796-459a-8184-9c92662be6da.txt"))
                .contains("No Prompt");
        String batchId = lab.aws.executions().get(0);
        assertThat(batchId)
                .as("printf 'sqs\\n%%s\\n%%s' QUEUE MESSAGE_ID | sha256sum | cut -c 1-16, as docs/runbook.md has it")
                .isEqualTo("queue-d5b6e9cbc23fe6f8");
        assertThat(lab.aws.input(batchId).has("config"))
                .as("the state's input stays small")
                .isFalse();
        assertThat(lab.text("batches/" + batchId + "/config.json")).contains("Hero Shot");
    }

    @Test
    void onlyMessagesThatFailedForAPassingReasonComeAgain() throws IOException {
        lab.aws.broken(true);

        JsonNode answer = lab.call(startBatch, Lab.event("sqs"));

        assertThat(answer.toString())
                .isEqualTo("{\"batchItemFailures\":[{\"itemIdentifier\":\"059f36b4-87a3-44ab-83d2-661975830a7d\"}]}");
    }

    @Test
    void aPassingReasonFailsAnUploadSoThatTheEventComesAgain() throws IOException {
        lab.put("configs/weekly.yaml", GOOD);
        lab.aws.broken(true);

        assertThatThrownBy(() -> lab.call(startBatch, Lab.event("s3-object-created")))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("cannot start execution");
        lab.aws.broken(false);
        lab.call(startBatch, Lab.event("s3-object-created"));

        assertThat(lab.aws.executions()).hasSize(1);
    }

    private static JsonNode body(JsonNode reply) throws IOException {
        return Json.mapper().readTree(reply.path("body").asText());
    }

    @Test
    void aRequestIsAnsweredWithTheBatchAndItsExecution() throws IOException {
        JsonNode first = lab.call(startBatch, Lab.event("api-post-batches"));
        JsonNode repeated = lab.call(startBatch, Lab.event("api-post-batches"));

        assertThat(first.path("statusCode").asInt()).isEqualTo(202);
        assertThat(body(first).path("batchId").asText()).matches("api-[0-9a-f]{16}");
        assertThat(body(first).path("executionArn").asText())
                .endsWith(":" + body(first).path("batchId").asText());
        assertThat(repeated).isEqualTo(first);
        assertThat(lab.aws.executions()).hasSize(1);
        assertThat(lab.aws.input(lab.aws.executions().get(0)).path("budget").asInt())
                .isOne();
    }

    @Test
    void aKeyThatComesWithAnotherConfigIsRefused() throws IOException {
        lab.call(startBatch, Lab.event("api-post-batches"));
        ObjectNode other = Lab.event("api-post-batches");
        other.put("body", other.path("body").asText().replace("lighthouse", "harbour"));

        assertThat(lab.call(startBatch, other).path("statusCode").asInt()).isEqualTo(409);
        assertThat(lab.aws.executions()).hasSize(1);
    }

    @Test
    void requestsWithoutAKeyAreAllTheirOwnBatches() throws IOException {
        ObjectNode event = Lab.event("api-post-batches");
        ((ObjectNode) event.path("headers")).remove("idempotency-key");

        lab.call(startBatch, event);
        lab.call(startBatch, event);

        assertThat(lab.aws.executions()).hasSize(2);
    }

    @Test
    void aBadRequestIsAnsweredWithItsProblems() throws IOException {
        ObjectNode event = Lab.event("api-post-batches");
        event.put("body", Base64.getEncoder().encodeToString(BAD.getBytes(StandardCharsets.UTF_8)));
        event.put("isBase64Encoded", true);

        JsonNode reply = lab.call(startBatch, event);

        assertThat(reply.path("statusCode").asInt()).isEqualTo(400);
        assertThat(body(reply).at("/problems/0/job").asText()).isEqualTo("Hero Shot");
        assertThat(body(reply).at("/problems/0/line").asInt()).isEqualTo(2);
        assertThat(lab.aws.calls()).isEmpty();
    }

    @Test
    void aBodyMayBeTheConfigItself() throws IOException {
        ObjectNode event = Lab.event("api-post-batches").put("body", GOOD);

        assertThat(lab.call(startBatch, event).path("statusCode").asInt()).isEqualTo(202);
    }

    @Test
    void anUnknownEventIsSaidToBeOne() {
        assertThatThrownBy(() ->
                        lab.call(startBatch, Json.mapper().createObjectNode().put("hello", "world")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no way to start a batch");
    }

    @Test
    void namesAreValidNamesOfExecutionsEvenWithWhatARetryAppends() {
        String name = BatchNames.of("Ünïcödé config with / many * words ".repeat(9), "x");

        assertThat(name + "_r9999").matches("[A-Za-z0-9_-]{1,80}");
        assertThat(BatchNames.of("???", "x")).matches("batch-[0-9a-f]{16}");
        assertThat(BatchNames.of("a", "b", "c")).isNotEqualTo(BatchNames.of("a", "c", "b"));
    }
}
