package io.reelbatch.handlers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.adapters.aws.Emulators;
import io.reelbatch.adapters.aws.FakeAws;
import io.reelbatch.adapters.aws.UsesDynamoDbLocal;
import io.reelbatch.domain.job.JobKey;
import io.reelbatch.domain.json.Json;
import io.reelbatch.handlers.LambdaProcess.Answer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The handlers as Lambda runs them: the shaded jar, the runtime's own client, a process each. */
@UsesDynamoDbLocal
class LambdaIT {
    private static final String GOOD =
            "jobs: [{name: Hero, type: image, prompt: A lighthouse, model: black-forest-labs/flux-2-pro/text-to-image}]";

    /** More than a busy machine needs. */
    private static final Duration PLENTY = Duration.ofMinutes(5);

    private final Emulators emulators;

    @TempDir
    Path folder;

    private Lab lab;

    LambdaIT(Emulators emulators) {
        this.emulators = emulators;
    }

    @BeforeEach
    void open() throws IOException {
        lab = new Lab(emulators, URI.create("http://127.0.0.1:1/api/v1"));
    }

    @AfterEach
    void close() {
        lab.close();
    }

    /** What the template gives every function, as far as this one needs it. */
    private Map<String, String> environment() {
        Map<String, String> variables = new HashMap<>(emulators.environment());
        variables.putAll(lab.aws.environment());
        variables.put("REELBATCH_TABLE", lab.bucket);
        variables.put("REELBATCH_BUCKET", lab.bucket);
        variables.put("REELBATCH_STACK", "lab");
        variables.put("REELBATCH_STATE_MACHINE_ARN", FakeAws.MACHINE);
        variables.put("REELBATCH_API_KEY_SECRET", "secret");
        variables.put("ATLASCLOUD_BASE_URL", "http://127.0.0.1:1/api/v1");
        return variables;
    }

    private LambdaProcess function(String name) throws IOException {
        return new LambdaProcess(
                "io.reelbatch.handlers." + name + "::handleRequest", environment(), folder.resolve(name + ".log"));
    }

    private static String event(String name) throws IOException {
        return Files.readString(Path.of("..", "events", name + ".json"));
    }

    private JsonNode call(String function, String event) throws Exception {
        try (LambdaProcess process = function(function)) {
            Answer answer = process.invoke(event, PLENTY);
            assertThat(answer.failed()).as(answer.body() + process.log()).isFalse();
            return Json.mapper().readTree(answer.body());
        }
    }

    private static String step(int job) {
        return "{\"batchId\":\"weekly\",\"job\":" + job + "}";
    }

    @Test
    void aBatchGoesThroughItsFunctions() throws Exception {
        lab.put("batches/weekly/config.yaml", GOOD);
        ObjectNode input = Json.mapper().createObjectNode().put("batchId", "weekly");
        input.put("configUri", "s3://" + lab.bucket + "/batches/weekly/config.yaml");
        lab.aws.secret("key-1");

        assertThat(call("PlanBatch", input.toString()).path("jobs").asInt()).isOne();
        JsonNode submitted = call("SubmitJob", step(0));
        assertThat(submitted.path("next").asText())
                .as("no provider is there: it waits")
                .isEqualTo("submit");
        assertThat(lab.aws.calls()).contains("GetSecretValue");
        lab.parts
                .jobs()
                .update(
                        new JobKey("weekly", 0),
                        job -> job.sending(
                                        job.plan().price(),
                                        lab.clock.instant(),
                                        lab.clock.instant().plusSeconds(9))
                                .accepted(
                                        job.attempts().size() + 1,
                                        Optional.of("p1"),
                                        Optional.empty(),
                                        lab.clock.instant()));
        assertThat(call("RecordFailure", step(0)).path("next").asText()).isEqualTo("done");
        assertThat(call("CheckJob", step(0)).path("next").asText()).isEqualTo("done");
        assertThat(call("DownloadOutput", step(0)).path("next").asText()).isEqualTo("done");
        assertThat(call("BuildManifest", step(0)).path("failed").asInt()).isOne();
        String get = event("api-get-batch").replace("no-such-batch", "weekly");
        assertThat(call("GetBatch", get).path("body").asText()).contains("\"state\":\"FINISHED\"");
        assertThat(call("Reconcile", event("execution-status-change"))
                        .path("weekly")
                        .asText())
                .isEqualTo("LEFT_ALONE");
    }

    @Test
    void everyWayInIsUnderstood() throws Exception {
        lab.put("configs/weekly.yaml", GOOD);
        lab.put("schedules/weekly.yaml", GOOD);
        try (LambdaProcess startBatch = function("StartBatch")) {
            for (String name : new String[] {"s3-object-created", "schedule", "sqs", "api-post-batches"}) {
                String event = event(name).replace("s3://reelbatch-bucket/", "s3://" + lab.bucket + "/");
                Answer answer = startBatch.invoke(event, PLENTY);
                assertThat(answer.failed())
                        .as(name + answer.body() + startBatch.log())
                        .isFalse();
            }
            assertThat(startBatch.log()).contains("\"message\":\"started\"").contains("\"Namespace\":\"reelbatch\"");
        }
        assertThat(lab.aws.executions()).hasSize(4);
    }

    /** The definition's ErrorEquals name these. */
    @Test
    void anErrorIsReportedUnderTheFullNameOfItsClass() throws Exception {
        lab.put("batches/weekly/config.yaml", "budget: 0.01\n" + GOOD);
        try (LambdaProcess plan = function("PlanBatch")) {
            String input =
                    "{\"batchId\":\"weekly\",\"configUri\":\"s3://" + lab.bucket + "/batches/weekly/config.yaml\"}";
            assertThat(type(plan.invoke(input, PLENTY))).isEqualTo("io.reelbatch.errors.BudgetTooSmall");
        }
        try (LambdaProcess check = function("CheckJob")) {
            assertThat(type(check.invoke(step(0), PLENTY))).isEqualTo("io.reelbatch.errors.StoreException");
        }
    }

    private static String type(Answer answer) throws IOException {
        assertThat(answer.failed()).as(answer.body()).isTrue();
        return Json.mapper().readTree(answer.body()).path("errorType").asText();
    }

    @Test
    void withoutTimeForARequestNothingIsSent() throws Exception {
        lab.put("batches/weekly/config.yaml", GOOD);
        String input = "{\"batchId\":\"weekly\",\"configUri\":\"s3://" + lab.bucket + "/batches/weekly/config.yaml\"}";
        call("PlanBatch", input);
        try (LambdaProcess submit = function("SubmitJob")) {
            Answer answer = submit.invoke(step(0), Duration.ofSeconds(30));

            assertThat(answer.failed()).as(answer.body()).isFalse();
        }
        assertThat(lab.aws.calls()).as("not even the key is read").doesNotContain("GetSecretValue");
        assertThat(lab.parts.jobs().read(new JobKey("weekly", 0)).attempts()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "PlanBatch, REELBATCH_TABLE",
        "BuildManifest, REELBATCH_BUCKET",
        "SubmitJob, REELBATCH_API_KEY_SECRET",
        "StartBatch, REELBATCH_STATE_MACHINE_ARN"
    })
    void aMissingVariableIsNamed(String function, String variable) throws Exception {
        Map<String, String> environment = environment();
        environment.remove(variable);
        try (LambdaProcess process = new LambdaProcess(
                "io.reelbatch.handlers." + function + "::handleRequest", environment, folder.resolve("missing.log"))) {
            Answer answer = process.invoke("{}", PLENTY);

            assertThat(answer.failed()).isTrue();
            assertThat(answer.body() + process.log()).contains(variable);
        }
    }
}
