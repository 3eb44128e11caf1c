package io.reelbatch.handlers;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.reelbatch.adapters.aws.Emulators;
import io.reelbatch.adapters.aws.UsesDynamoDbLocal;
import io.reelbatch.adapters.provider.ProviderClient;
import io.reelbatch.domain.job.BatchRecord;
import io.reelbatch.domain.job.BatchRecord.BatchState;
import io.reelbatch.domain.job.BatchSettings.ProviderApi;
import io.reelbatch.domain.job.JobKey;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.job.JobState;
import io.reelbatch.domain.job.Reason;
import io.reelbatch.domain.json.Json;
import io.reelbatch.domain.store.JobStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@UsesDynamoDbLocal
class ReconcileTest {
    private static final BigDecimal PRICE = new BigDecimal("0.04");
    /** A whole picture of one pixel. */
    private static final byte[] PIXEL = Base64.getDecoder()
            .decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    @RegisterExtension
    static final WireMockExtension PROVIDER = WireMockExtension.newInstance()
            .options(wireMockConfig().dynamicPort())
            .build();

    private final Emulators emulators;
    private Lab lab;
    private Reconcile reconcile;

    ReconcileTest(Emulators emulators) {
        this.emulators = emulators;
    }

    @BeforeEach
    void open() throws IOException {
        lab = new Lab(emulators, URI.create(PROVIDER.baseUrl() + "/api/v1"));
        reconcile = new Reconcile(lab.parts, () -> lab.executions);
        PROVIDER.resetAll();
        PROVIDER.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(404)));
        PROVIDER.stubFor(get(urlPathMatching("/files/.*"))
                .willReturn(aResponse().withHeader("Content-Type", "image/png").withBody(PIXEL)));
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private Instant now() {
        return lab.clock.instant();
    }

    private String config(int jobs) {
        StringBuilder config = new StringBuilder("jobs:\n");
        for (int i = 0; i < jobs; i++) {
            config.append("  - {name: job ").append(i).append(", type: image, prompt: A lighthouse,");
            config.append(" model: black-forest-labs/flux-2-pro/text-to-image}\n");
        }
        return config.toString();
    }

    /** Plans a batch as the definition does, in an execution that has {@code status} by now. */
    private void batch(int jobs, String status) throws IOException {
        lab.put("batches/weekly/config.yaml", config(jobs));
        String uri = "s3://" + lab.bucket + "/batches/weekly/config.yaml";
        ObjectNode input =
                Json.mapper().createObjectNode().put("batchId", "weekly").put("configUri", uri);
        String arn = lab.aws.execution("weekly", status, input.toString());
        lab.call(new PlanBatch(lab.parts), input.put("execution", arn));
    }

    private void job(int index, UnaryOperator<JobRecord> change) {
        lab.parts.jobs().update(new JobKey("weekly", index), change);
    }

    private JobRecord sent(JobRecord job) {
        return job.sending(PRICE, now(), now().plusSeconds(90));
    }

    private JobRecord accepted(JobRecord job, String id) {
        return sent(job).accepted(1, Optional.of(id), Optional.empty(), now());
    }

    private JobRecord read(int index) {
        return lab.parts.jobs().read(new JobKey("weekly", index));
    }

    private Reason reason(int index) {
        return read(index).failure().orElseThrow().reason();
    }

    private static void poll(String id, String data) {
        PROVIDER.stubFor(get(urlPathMatching(".*/prediction/" + id))
                .willReturn(aResponse()
                        .withHeader("Content-Type", "application/json")
                        .withBody("{\"code\":200,\"data\":{\"id\":\"" + id + "\"," + data + "}}")));
    }

    private JsonNode told() throws IOException {
        return lab.call(reconcile, Lab.event("execution-status-change"));
    }

    private JsonNode manifest() throws IOException {
        return Json.mapper().readTree(lab.text("batches/weekly/manifest.json"));
    }

    @Test
    void whatAnAbortedExecutionLeftIsEndedAndTheManifestTells() throws IOException {
        batch(6, "ABORTED");
        job(1, job -> accepted(job, "ready"));
        poll("ready", "\"status\":\"completed\",\"outputs\":[\"" + PROVIDER.baseUrl() + "/files/a.png\"]");
        job(2, job -> accepted(job, "running"));
        poll("running", "\"status\":\"processing\"");
        job(3, job -> accepted(job, "broken"));
        poll("broken", "\"status\":\"failed\",\"error\":\"no GPU\"");
        job(4, this::sent);
        job(5, job -> sent(job).lost(1, "cut", now()));
        lab.clock.advance(Duration.ofMinutes(3));

        assertThat(told().path("weekly").asText()).isEqualTo("FINISHED");

        assertThat(reason(0)).isEqualTo(Reason.INTERRUPTED);
        assertThat(read(1).state()).isEqualTo(JobState.STORED);
        assertThat(reason(2)).isEqualTo(Reason.INTERRUPTED);
        assertThat(read(2).current().orElseThrow().predictionId()).contains("running");
        assertThat(read(2).current().orElseThrow().atRisk()).isEqualByComparingTo(PRICE);
        assertThat(reason(3)).isEqualTo(Reason.INTERRUPTED);
        assertThat(reason(4)).isEqualTo(Reason.UNKNOWN_SUBMIT);
        assertThat(reason(5)).isEqualTo(Reason.UNKNOWN_SUBMIT);
        assertThat(manifest().path("successful").asInt()).isOne();
        assertThat(manifest().path("failed").asInt()).isEqualTo(5);
        assertThat(lab.store.batch("weekly").orElseThrow().state()).isEqualTo(BatchState.FINISHED);
        assertThat(lab.store.unfinishedBatches()).isEmpty();
    }

    @Test
    void aRetryGoesOnWhereItGot() throws IOException {
        batch(2, "ABORTED");
        job(0, job -> accepted(job, "running"));
        poll("running", "\"status\":\"processing\"");
        told();

        lab.call(
                new PlanBatch(lab.parts),
                Json.mapper().createObjectNode().put("batchId", "weekly").put("retry", true));

        assertThat(read(0).state()).isEqualTo(JobState.SUBMITTED);
        assertThat(read(1).state()).isEqualTo(JobState.PLANNED);
        assertThat(lab.store.batch("weekly").orElseThrow().state()).isEqualTo(BatchState.RUNNING);
        assertThat(lab.store.unfinishedBatches()).containsExactly("weekly");
    }

    @Test
    void whoMayStillBeSendingIsLeftToTheNextSweep() throws IOException {
        batch(2, "TIMED_OUT");
        job(0, this::sent);

        assertThat(told().path("weekly").asText()).isEqualTo("LEFT_OVER");
        assertThat(read(0).state()).isEqualTo(JobState.SUBMITTING);
        assertThat(read(1).state()).isEqualTo(JobState.FAILED);
        assertThat(manifest().path("failed").asInt()).isEqualTo(2);

        lab.clock.advance(Duration.ofHours(1));
        assertThat(lab.call(reconcile, Lab.event("sweep")).path("weekly").asText())
                .isEqualTo("FINISHED");
        assertThat(reason(0)).isEqualTo(Reason.UNKNOWN_SUBMIT);
    }

    @Test
    void aBatchWhoseExecutionRunsIsLeftAlone() throws IOException {
        batch(1, "RUNNING");

        assertThat(lab.call(reconcile, Lab.event("sweep")).path("weekly").asText())
                .isEqualTo("LEFT_ALONE");
        assertThat(told().path("weekly").asText()).isEqualTo("LEFT_ALONE");
        assertThat(read(0).state()).isEqualTo(JobState.PLANNED);
    }

    @Test
    void aRetryThatRunsIsNotDisturbedByLateNewsOfTheExecutionBefore() throws IOException {
        batch(1, "ABORTED");
        told();
        String retry = lab.aws.execution("weekly_r1", "RUNNING", "{\"batchId\":\"weekly\",\"retry\":true}");
        lab.call(
                new PlanBatch(lab.parts),
                Json.mapper()
                        .createObjectNode()
                        .put("batchId", "weekly")
                        .put("retry", true)
                        .put("execution", retry));

        assertThat(told().path("weekly").asText()).isEqualTo("LEFT_ALONE");
        assertThat(read(0).state()).isEqualTo(JobState.PLANNED);
    }

    /** The handlers' parts, of which one kind of call does something beside. */
    private Parts parts(JobStore store, Function<ProviderApi, ProviderClient> provider) {
        Parts real = lab.parts;
        return new Parts(
                store,
                real.objects(),
                real.bucket(),
                real.catalogs(),
                provider,
                real.quoting(),
                real.downloaders(),
                real.backoff(),
                real.clock(),
                real.metrics(),
                real.outbox(),
                real.webhookUrl());
    }

    /** The store; whenever all jobs were read, {@code then} is done. */
    private JobStore afterReadingJobs(Runnable then) {
        return (JobStore) Proxy.newProxyInstance(
                JobStore.class.getClassLoader(), new Class<?>[] {JobStore.class}, (proxy, method, arguments) -> {
                    Object answer = method.invoke(lab.store, arguments);
                    if (method.getName().equals("forEachJob")) {
                        then.run();
                    }
                    return answer;
                });
    }

    private int retry(Parts parts) {
        String retry = lab.aws.execution("weekly_r1", "RUNNING", "{\"batchId\":\"weekly\",\"retry\":true}");
        ObjectNode input = Json.mapper().createObjectNode().put("batchId", "weekly");
        input.put("retry", true).put("execution", retry);
        try {
            return lab.call(new PlanBatch(parts), input).path("jobs").asInt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aRetryThatBeginsWhileAnExecutionsJobsAreEndedRunsThemAll() throws IOException {
        batch(3, "ABORTED");
        job(1, job -> accepted(job, "running"));
        poll("running", "\"status\":\"processing\"");
        AtomicReference<String> seen = new AtomicReference<>("");
        Parts disturbed = parts(afterReadingJobs(() -> seen.updateAndGet(this::toldOnce)), lab.parts.provider());

        assertThat(retry(disturbed)).isEqualTo(3);

        assertThat(seen).hasValue("LEFT_ALONE");
        assertThat(read(0).state()).isEqualTo(JobState.PLANNED);
        assertThat(read(1).state()).isEqualTo(JobState.SUBMITTED);
    }

    private String toldOnce(String before) {
        try {
            return before.isEmpty() ? told().path("weekly").asText() : before;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aJobThatARetryTakesUpWhileTheProviderIsAskedForItIsTheRetrys() throws IOException {
        batch(2, "ABORTED");
        job(0, job -> accepted(job, "running"));
        poll("running", "\"status\":\"processing\"");
        AtomicBoolean begun = new AtomicBoolean();
        Parts disturbed = parts(lab.store, api -> {
            if (begun.compareAndSet(false, true)) {
                retry(lab.parts);
            }
            return lab.parts.provider().apply(api);
        });
        reconcile = new Reconcile(disturbed, () -> lab.executions);

        assertThat(told().path("weekly").asText()).isEqualTo("LEFT_ALONE");

        assertThat(begun).isTrue();
        assertThat(read(0).state()).isEqualTo(JobState.SUBMITTED);
        assertThat(read(1).state()).isEqualTo(JobState.PLANNED);
        assertThat(lab.keys("batches/weekly/manifest")).isEmpty();
    }

    @Test
    void aBatchThatARetryTakesUpWhileItsManifestIsWrittenIsNotFinished() throws IOException {
        batch(1, "ABORTED");
        job(0, job -> job.failed(Reason.INTERRUPTED, "stopped", now()));
        AtomicBoolean begun = new AtomicBoolean();
        JobStore store = afterReadingJobs(() -> {
            if (begun.compareAndSet(false, true)) {
                retry(lab.parts);
            }
        });

        lab.call(
                new BuildManifest(parts(store, lab.parts.provider())),
                Json.mapper().createObjectNode().put("batchId", "weekly"));

        assertThat(read(0).state()).isEqualTo(JobState.PLANNED);
        assertThat(lab.store.batch("weekly").orElseThrow().state()).isEqualTo(BatchState.RUNNING);
        assertThat(lab.store.unfinishedBatches()).containsExactly("weekly");
    }

    @Test
    void aRunOnOneMachineIsLeftAlone() throws IOException {
        batch(1, "ABORTED");
        lab.call(
                new PlanBatch(lab.parts),
                Json.mapper()
                        .createObjectNode()
                        .put("batchId", "weekly")
                        .put("execution", "arn:aws:states:local:0:execution:batch:weekly"));

        assertThat(lab.call(reconcile, Lab.event("sweep")).path("weekly").asText())
                .isEqualTo("LEFT_ALONE");
    }

    @Test
    void ourOwnFailAfterAManifestIsNoNews() throws IOException {
        batch(1, "FAILED");
        job(0, job -> job.failed(Reason.REFUSED, "no", now()));
        lab.call(new BuildManifest(lab.parts), Json.mapper().createObjectNode().put("batchId", "weekly"));
        String before = lab.text("batches/weekly/manifest.json");
        lab.clock.advance(Duration.ofMinutes(1));

        assertThat(told().path("weekly").asText()).isEqualTo("LEFT_ALONE");
        assertThat(lab.text("batches/weekly/manifest.json")).isEqualTo(before);
    }

    @Test
    void anExecutionWhoseInputIsNotInTheEventIsLookedUp() throws IOException {
        batch(1, "ABORTED");
        ObjectNode event = Lab.event("execution-status-change");
        ((ObjectNode) event.path("detail")).putNull("input").put("name", "other");

        assertThat(lab.call(reconcile, event).path("weekly").asText()).isEqualTo("FINISHED");
    }

    @Test
    void anExecutionThatNeverPlannedLeavesNothingToEnd() throws IOException {
        assertThat(told().path("weekly").asText()).isEqualTo("LEFT_ALONE");
        assertThat(lab.keys("batches/")).isEmpty();
    }

    @Test
    void aPlanThatWasCutOffIsFinishedFirstSoThatARetryKnowsEveryJob() throws IOException {
        batch(3, "ABORTED");
        JobRecord first = read(0);
        BatchRecord planned = lab.store.batch("weekly").orElseThrow();
        lab.store.createBatch(new BatchRecord(
                "cut",
                BatchState.PLANNING,
                planned.settings(),
                3,
                planned.estimate(),
                planned.warnings(),
                now(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(lab.executions.arn("cut")),
                1));
        lab.store.addJobs(List.of(JobRecord.planned("cut", first.plan())));
        lab.aws.execution("cut", "ABORTED", "{\"configUri\":\"s3://" + lab.bucket + "/batches/weekly/config.yaml\"}");

        assertThat(lab.call(reconcile, Lab.event("sweep")).path("cut").asText()).isEqualTo("FINISHED");
        assertThat(Json.mapper()
                        .readTree(lab.text("batches/cut/manifest.json"))
                        .path("total_jobs")
                        .asInt())
                .isEqualTo(3);
    }

    @Test
    void withoutTimeEverythingWaitsForTheNextSweep() throws IOException {
        batch(1, "ABORTED");

        JsonNode answer = lab.call(reconcile, Lab.event("sweep"), Duration.ofSeconds(60));

        assertThat(answer.path("weekly").asText()).isEqualTo("LEFT_OVER");
        assertThat(read(0).state()).isEqualTo(JobState.PLANNED);
        assertThat(lab.emf.toString(StandardCharsets.UTF_8)).contains("\"StuckBatches\":1");
    }

    @Test
    void eachPredictionIsAskedForOnce() throws IOException {
        batch(1, "ABORTED");
        job(0, job -> accepted(job, "running"));
        poll("running", "\"status\":\"processing\"");

        told();

        PROVIDER.verify(1, getRequestedFor(urlPathMatching(".*/prediction/running")));
    }
}
