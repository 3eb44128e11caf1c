package io.reelbatch.handlers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import io.reelbatch.adapters.aws.Emulators;
import io.reelbatch.adapters.aws.FakeAws;
import io.reelbatch.adapters.aws.UsesDynamoDbLocal;
import io.reelbatch.domain.job.JobKey;
import io.reelbatch.domain.json.Json;
import io.reelbatch.handlers.LambdaProcess.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
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

    private static final String QUEUE = "https://sqs.us-east-1.amazonaws.com/123456789012/notifications";
    private static final String UNDELIVERED = "https://sqs.us-east-1.amazonaws.com/123456789012/undelivered";

    /** Bytes; a larger one starts more slowly and is more to upload. docs/performance.md has what it is. */
    private static final long LARGEST_JAR = 18_000_000;

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
        variables.put("REELBATCH_NOTIFICATIONS", QUEUE);
        variables.put("REELBATCH_UNDELIVERED", UNDELIVERED);
        variables.put("REELBATCH_SECRET_PREFIX", "reelbatch/lab/");
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

    private static JsonNode result(LambdaProcess process, String event) throws Exception {
        Answer answer = process.invoke(event, PLENTY);
        assertThat(answer.failed()).as(answer.body() + process.log()).isFalse();
        return Json.mapper().readTree(answer.body());
    }

    private JsonNode call(String function, String event) throws Exception {
        try (LambdaProcess process = function(function)) {
            return result(process, event);
        }
    }

    private static String step(int job) {
        return "{\"batchId\":\"weekly\",\"job\":" + job + "}";
    }

    private String plan(String batch) {
        return "{\"batchId\":\"" + batch + "\",\"configUri\":\"s3://" + lab.bucket + "/batches/" + batch
                + "/config.yaml\"}";
    }

    @Test
    void aBatchGoesThroughItsFunctions() throws Exception {
        lab.put("batches/weekly/config.yaml", GOOD);
        lab.put("batches/poor/config.yaml", "budget: 0.01\n" + GOOD);
        lab.aws.secret("key-1");

        try (LambdaProcess planBatch = function("PlanBatch")) {
            assertThat(result(planBatch, plan("weekly")).path("jobs").asInt()).isOne();
            assertReports("io.reelbatch.errors.BudgetTooSmall", planBatch.invoke(plan("poor"), PLENTY));
        }
        isSubmitted();
        try (LambdaProcess checkJob = function("CheckJob")) {
            assertReports("io.reelbatch.errors.StoreException", checkJob.invoke(step(7), PLENTY));
            accepted();
            assertThat(call("RecordFailure", step(0)).path("next").asText()).isEqualTo("done");
            assertThat(result(checkJob, step(0)).path("next").asText()).isEqualTo("done");
        }
        assertThat(call("DownloadOutput", step(0)).path("next").asText()).isEqualTo("done");
        assertThat(call("BuildManifest", step(0)).path("failed").asInt()).isOne();
        String get = event("api-get-batch").replace("no-such-batch", "weekly");
        assertThat(call("GetBatch", get).path("body").asText()).contains("\"state\":\"FINISHED\"");
        assertThat(call("Reconcile", event("execution-status-change"))
                        .path("weekly")
                        .asText())
                .isEqualTo("LEFT_ALONE");
    }

    private void isSubmitted() throws Exception {
        try (LambdaProcess submitJob = function("SubmitJob")) {
            Answer late = submitJob.invoke(step(0), Duration.ofSeconds(30));
            assertThat(late.failed()).as(late.body()).isFalse();
            assertThat(lab.aws.calls())
                    .as("without time for a request not even the key is read")
                    .doesNotContain("GetSecretValue");
            assertThat(lab.parts.jobs().read(new JobKey("weekly", 0)).attempts())
                    .isEmpty();

            assertThat(result(submitJob, step(0)).path("next").asText())
                    .as("no provider is there: it waits")
                    .isEqualTo("submit");
            assertThat(lab.aws.calls()).contains("GetSecretValue");
        }
    }

    private void accepted() {
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
    }

    /** The definition's ErrorEquals name the full names of classes. */
    private static void assertReports(String type, Answer answer) throws IOException {
        assertThat(answer.failed()).as(answer.body()).isTrue();
        assertThat(Json.mapper().readTree(answer.body()).path("errorType").asText())
                .isEqualTo(type);
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

    @Test
    void theJarStaysSmall() throws Exception {
        assertThat(Files.size(Path.of("target", "reelbatch-lambda.jar"))).isLessThanOrEqualTo(LARGEST_JAR);
    }

    @Test
    void aNotificationGoesFromAJobsEndThroughTheQueueToItsReceiver() throws Exception {
        HttpServer receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        List<String> received = new CopyOnWriteArrayList<>();
        receiver.createContext("/hook", exchange -> {
            received.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        receiver.start();
        lab.put(
                "batches/told/config.yaml",
                "notify: {webhook: \"http://localhost:" + receiver.getAddress().getPort()
                        + "/hook\", on: [job], secret: reelbatch/lab/hook}\n" + GOOD);
        lab.aws.secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        try {
            call("PlanBatch", plan("told"));
            call("RecordFailure", step(0).replace("weekly", "told"));
            String queued = lab.aws.messages(QUEUE).get(0).path("MessageBody").asText();
            ObjectNode event = (ObjectNode) Json.mapper().readTree(event("sqs-notification"));
            ObjectNode unknown = event.at("/Records/0").deepCopy();
            event.withArray("Records").add(unknown.put("body", queued));

            assertThat(call("SendNotification", event.toString()).path("batchItemFailures"))
                    .isEmpty();
        } finally {
            receiver.stop(0);
        }
        assertThat(received).singleElement().asString().contains("\"event\":\"job.failed\"");
        assertThat(lab.aws.messages(UNDELIVERED))
                .as("that of the sample, whose batch nobody knows")
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"SubmitJob, GetItem", "StartBatch, HeadObject DescribeExecution", "Reconcile, GetItem DescribeExecution"
    })
    void itIsPreparedForItsSnapshotWithoutTheKey(String function, String calls) throws Exception {
        lab.aws.secret("key-1");
        Map<String, String> environment = environment();
        environment.keySet().removeIf(name -> name.startsWith("AWS_ENDPOINT_URL"));
        environment.putAll(lab.aws.environmentOfAll());
        environment.put("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start");
        try (LambdaProcess process = new LambdaProcess(
                "io.reelbatch.handlers." + function + "::handleRequest", environment, folder.resolve("snapshot.log"))) {
            Answer answer = process.invoke("{", PLENTY);

            assertThat(process.snapshots()).as(answer.body() + process.log()).isOne();
            assertThat(answer.failed())
                    .as("it answers events after the restore, and this is none")
                    .isTrue();
            assertThat(process.log()).doesNotContain("not all could be prepared");
        }
        assertThat(lab.aws.calls()).containsExactlyInAnyOrder(calls.split(" "));
    }

    @ParameterizedTest
    @CsvSource({
        "PlanBatch, REELBATCH_TABLE",
        "BuildManifest, REELBATCH_BUCKET",
        "SubmitJob, REELBATCH_API_KEY_SECRET",
        "SendNotification, REELBATCH_NOTIFICATIONS",
        "RecordFailure, REELBATCH_SECRET_PREFIX",
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
