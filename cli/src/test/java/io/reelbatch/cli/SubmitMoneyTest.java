package io.reelbatch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.Context;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.adapters.provider.Downloader;
import io.reelbatch.adapters.provider.ProviderClient;
import io.reelbatch.adapters.provider.ProviderSettings;
import io.reelbatch.cli.local.FileObjectStore;
import io.reelbatch.cli.local.SqliteJobStore;
import io.reelbatch.domain.catalog.Catalog;
import io.reelbatch.domain.job.AttemptState;
import io.reelbatch.domain.job.BatchRecord;
import io.reelbatch.domain.job.BatchRecord.BatchState;
import io.reelbatch.domain.job.BatchSettings;
import io.reelbatch.domain.job.BatchSettings.OnUnknownSubmit;
import io.reelbatch.domain.job.BatchSettings.ProviderApi;
import io.reelbatch.domain.job.JobKey;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.job.JobState;
import io.reelbatch.domain.job.Reason;
import io.reelbatch.domain.json.Json;
import io.reelbatch.domain.pace.Backoff;
import io.reelbatch.domain.plan.JobType;
import io.reelbatch.domain.plan.PlannedJob;
import io.reelbatch.domain.plan.QuoteKey;
import io.reelbatch.domain.provider.ApiKey;
import io.reelbatch.domain.store.Fact;
import io.reelbatch.domain.store.FactKey;
import io.reelbatch.domain.store.JobStore;
import io.reelbatch.domain.store.Jobs;
import io.reelbatch.domain.store.Jobs.Outcome;
import io.reelbatch.errors.BudgetTooSmall;
import io.reelbatch.handlers.Parts;
import io.reelbatch.handlers.PlanBatch;
import io.reelbatch.handlers.SubmitJob;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What SubmitJob asks, reserves and refuses when many do it at once. */
class SubmitMoneyTest {
    private static final String BATCH = "b-1";
    private static final Instant NOW = Instant.parse("2026-11-02T08:00:00Z");
    /** By the table. */
    private static final BigDecimal PRICE = new BigDecimal("0.04");

    private static final String SIX_CENTS = "{\"code\":200,\"data\":{\"price\":\"0.06\"}}";

    @TempDir
    private Path folder;

    private JobStore store;

    @BeforeEach
    void open() throws IOException {
        store = new SqliteJobStore(folder.resolve("jobs.db"), folder.resolve("account.db"));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void eightSubmitsOnTwoMachinesAskOnce() throws Exception {
        plan(8, Optional.empty());
        try (StubProvider provider = StubProvider.quoting(200, SIX_CENTS);
                ProviderClient client = client(provider)) {
            submitUntilDone(client, 8);

            assertThat(provider.quotes()).isEqualTo(1);
            assertThat(provider.submits()).isEqualTo(8);
        }
        assertThat(jobs()).allSatisfy(job -> {
            assertThat(job.lastAttempt().price()).isEqualByComparingTo("0.06");
            assertThat(job.quote()).contains(new BigDecimal("0.06"));
        });
    }

    @Test
    void withEightWorkersTheRunningTotalStaysWithinTheBudget() throws Exception {
        BigDecimal budget = new BigDecimal("0.80");
        plan(20, Optional.of(budget));
        try (StubProvider provider = StubProvider.quoting(200, SIX_CENTS);
                ProviderClient client = client(provider)) {
            List<BigDecimal> totals = submitUntilDone(client, 20);

            assertThat(totals).allSatisfy(total -> assertThat(total).isLessThanOrEqualTo(budget));
            // 13 x 0.06 = 0.78
            assertThat(provider.submits()).isEqualTo(13);
        }
        assertThat(jobs()).filteredOn(job -> job.state() == JobState.SUBMITTED).hasSize(13);
        assertThat(jobs())
                .filteredOn(job -> job.failure().isPresent())
                .hasSize(7)
                .allSatisfy(job -> {
                    assertThat(job.failure().orElseThrow().reason()).isEqualTo(Reason.BUDGET);
                    assertThat(job.failure().orElseThrow().message()).contains("its price of $0.06");
                });
    }

    @Test
    void aQuoteThatIsNotToBeHadIsAskedForOnceAndTheTableCounts() throws Exception {
        plan(8, Optional.empty());
        try (StubProvider provider = StubProvider.quoting(500, "{\"code\":500,\"msg\":\"down\"}");
                ProviderClient client = client(provider)) {
            submitUntilDone(client, 8);

            assertThat(provider.quotes()).isEqualTo(1);
            assertThat(provider.submits()).isEqualTo(8);
        }
        assertThat(store.committed(BATCH)).isEqualByComparingTo("0.32");
    }

    @Test
    void aServerThatKnowsNoQuotesMayAnswer401AndIsStillSubmittedTo() throws Exception {
        plan(2, Optional.empty());
        try (StubProvider provider = StubProvider.quoting(401, "{\"code\":401,\"msg\":\"unauthorized\"}");
                ProviderClient client = client(provider)) {
            submitUntilDone(client, 2);

            assertThat(provider.submits()).isEqualTo(2);
        }
        assertThat(store.batch(BATCH).orElseThrow().halt()).isEmpty();
    }

    @Test
    void whileAnotherMachineAsksNothingIsSent() throws Exception {
        plan(1, Optional.empty());
        asking(Instant.now().plusSeconds(60));
        try (StubProvider provider = StubProvider.quoting(200, SIX_CENTS);
                ProviderClient client = client(provider)) {
            JsonNode answer = submitOnce(new SubmitJob(parts(client)), 0);

            assertThat(answer.path("next").asText()).isEqualTo("submit");
            assertThat(answer.path("waitSeconds").asInt()).isEqualTo(1);
            assertThat(provider.quotes() + provider.submits()).isZero();
        }
    }

    @Test
    void anAskerThatDiedIsReplacedOnceItsLeaseHasEnded() throws Exception {
        plan(1, Optional.empty());
        asking(Instant.now().minusSeconds(1));
        try (StubProvider provider = StubProvider.quoting(200, SIX_CENTS);
                ProviderClient client = client(provider)) {
            assertThat(submitOnce(new SubmitJob(parts(client)), 0).path("next").asText())
                    .isEqualTo("wait");
            assertThat(provider.quotes()).isEqualTo(1);
        }
        assertThat(store.committed(BATCH)).isEqualByComparingTo("0.06");
    }

    /** Another machine's claim on the quote that all jobs here share. */
    private void asking(Instant until) {
        FactKey key = new FactKey(BATCH, "quote/" + QuoteKey.of(job(0)).digest());
        store.putFact(Fact.first(key, Map.of("asked", false, "until", until), Optional.empty()));
    }

    @Test
    void anEstimateOverTheBudgetIsNotEvenPlanned() throws IOException {
        String input = """
                {"batchId": "b-2", "config": {"budget": 0.07, "jobs": [
                  {"name": "A", "type": "image", "model": "black-forest-labs/flux-2-pro/text-to-image", "prompt": "a"},
                  {"name": "B", "type": "image", "model": "black-forest-labs/flux-2-pro/text-to-image", "prompt": "b"}]}}""";
        try (StubProvider provider = StubProvider.quoting(200, SIX_CENTS);
                ProviderClient client = client(provider)) {
            PlanBatch planBatch = new PlanBatch(parts(client));

            assertThatThrownBy(() -> planBatch.handleRequest(
                            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                            new ByteArrayOutputStream(),
                            minuteLeft()))
                    .isInstanceOf(BudgetTooSmall.class)
                    .hasMessageContaining("$0.08")
                    .hasMessageContaining("$0.07");
            assertThat(provider.quotes() + provider.submits()).isZero();
        }
        assertThat(store.batch("b-2")).isEmpty();
    }

    @Test
    void whatTheProviderTookBeyondTheReservationIsBookedEvenOverTheBudget() {
        Optional<BigDecimal> budget = Optional.of(new BigDecimal("0.10"));
        plan(2, budget);
        Jobs jobs = new Jobs(store);
        JobKey first = new JobKey(BATCH, 0);
        jobs.reserve(first, job -> true, job -> job.sending(PRICE, NOW, NOW.plusSeconds(90)), budget);
        jobs.update(first, job -> job.accepted(1, Optional.of("p-1"), Optional.empty(), NOW));

        jobs.update(
                first, job -> job.generated(1, List.of("https://x/1.png"), Optional.of(new BigDecimal("0.15")), NOW));

        assertThat(store.committed(BATCH)).isEqualByComparingTo("0.15");
        assertThat(jobs.read(first).count(AttemptState.SUCCEEDED)).isEqualTo(1);
        assertThat(jobs.reserve(
                                new JobKey(BATCH, 1),
                                job -> true,
                                job -> job.sending(PRICE, NOW, NOW.plusSeconds(90)),
                                budget)
                        .outcome())
                .isEqualTo(Outcome.OVER_BUDGET);
    }

    private void plan(int jobs, Optional<BigDecimal> budget) {
        store.createBatch(new BatchRecord(
                BATCH,
                BatchState.RUNNING,
                new BatchSettings(
                        "out", 8, budget, OnUnknownSubmit.RESUBMIT, ProviderApi.ATLAS, false, Optional.empty()),
                jobs,
                PRICE.multiply(BigDecimal.valueOf(jobs)),
                List.of(),
                NOW,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                1));
        List<JobRecord> records = new ArrayList<>();
        for (int i = 0; i < jobs; i++) {
            records.add(JobRecord.planned(BATCH, job(i)));
        }
        store.addJobs(records);
    }

    private static PlannedJob job(int index) {
        ObjectNode request = Json.mapper()
                .createObjectNode()
                .put("model", "a/b")
                .put("prompt", "fox " + index)
                .put("seed", index);
        return new PlannedJob(
                index,
                Optional.empty(),
                "Fox " + index,
                JobType.IMAGE,
                "a/b",
                "generateImage",
                request,
                "images/fox_" + index,
                PRICE,
                false,
                Duration.ofSeconds(10),
                Duration.ofSeconds(300),
                2,
                Duration.ofHours(1),
                List.of(),
                List.of());
    }

    private List<JobRecord> jobs() {
        List<JobRecord> jobs = new ArrayList<>();
        store.forEachJob(BATCH, jobs::add);
        return jobs;
    }

    private static ProviderClient client(StubProvider provider) {
        return new ProviderClient(ProviderSettings.of(provider.baseUrl(), () -> ApiKey.of("key-1"), ProviderApi.ATLAS));
    }

    private Parts parts(ProviderClient client) throws IOException {
        return new Parts(
                store,
                new FileObjectStore(folder, BATCH),
                "local",
                Catalog.shipped(),
                api -> client,
                true,
                new Downloader(Downloader.Settings.of(true)),
                new Backoff(new Random(1)),
                Clock.systemUTC());
    }

    /** Two machines, eight threads; returns the committed total as seen after each step. */
    private List<BigDecimal> submitUntilDone(ProviderClient client, int jobs) throws Exception {
        List<SubmitJob> machines = List.of(new SubmitJob(parts(client)), new SubmitJob(parts(client)));
        ExecutorService workers = Executors.newFixedThreadPool(8);
        try {
            List<Callable<List<BigDecimal>>> tasks = new ArrayList<>();
            for (int i = 0; i < jobs; i++) {
                int index = i;
                tasks.add(() -> submit(machines.get(index % 2), index));
            }
            List<BigDecimal> totals = new ArrayList<>();
            for (Future<List<BigDecimal>> future : workers.invokeAll(tasks)) {
                totals.addAll(future.get());
            }
            return totals;
        } finally {
            workers.shutdownNow();
        }
    }

    private List<BigDecimal> submit(SubmitJob machine, int index) throws IOException {
        List<BigDecimal> totals = new ArrayList<>();
        String next = "submit";
        while (next.equals("submit")) {
            JsonNode answer = submitOnce(machine, index);
            next = answer.path("next").asText();
            totals.add(store.committed(BATCH));
        }
        return totals;
    }

    private static JsonNode submitOnce(SubmitJob machine, int index) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ObjectNode step = Json.mapper().createObjectNode().put("batchId", BATCH).put("job", index);
        machine.handleRequest(new ByteArrayInputStream(Json.mapper().writeValueAsBytes(step)), out, minuteLeft());
        return Json.mapper().readTree(out.toByteArray());
    }

    private static Context minuteLeft() {
        return (Context) Proxy.newProxyInstance(
                Context.class.getClassLoader(), new Class<?>[] {Context.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getRemainingTimeInMillis")) {
                        return 60_000;
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
    }
}
