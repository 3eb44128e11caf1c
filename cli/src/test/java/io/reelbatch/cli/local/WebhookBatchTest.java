package io.reelbatch.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.reelbatch.cli.local.BatchLab.Ran;
import io.reelbatch.cli.simulator.Fault;
import io.reelbatch.cli.simulator.FaultPlan;
import io.reelbatch.cli.simulator.Ledger;
import io.reelbatch.cli.simulator.ModelTable;
import io.reelbatch.cli.simulator.Span;
import io.reelbatch.domain.job.Attempt;
import io.reelbatch.domain.job.AttemptState;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.job.JobState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The provider calls back, or fails to, and every job ends as it should. */
class WebhookBatchTest {
    @TempDir
    private Path folder;

    private static int polls(BatchLab lab) {
        return lab.simulator().ledger().entries().stream()
                .mapToInt(Ledger.Entry::polls)
                .sum();
    }

    private static void assertAllSucceeded(BatchLab lab, Ran ran, int jobs) throws IOException {
        assertThat(ran.summary().path("failed").asInt())
                .as("%s", ran.manifest())
                .isZero();
        assertThat(ran.results()).hasSize(jobs);
        lab.assertStoredAsServed(ran);
    }

    @Test
    void aJobThatIsCalledBackIsStoredAndPaidOnce() throws IOException {
        try (BatchLab lab = new BatchLab(folder).withWebhooks()) {
            Ran ran = lab.run(BatchLab.pictures("a", "b", "c"));

            assertAllSucceeded(lab, ran, 3);
            assertThat(lab.simulator().ledger().submits()).hasSize(3);
            assertThat(lab.simulator().ledger().entries())
                    .allSatisfy(entry -> assertThat(entry.prediction().body()).contains("webhook_url"));
        }
    }

    @Test
    void aCallbackProvesThatALostSubmitWasAccepted() throws IOException {
        FaultPlan lost = FaultPlan.eachJob(Fault.LOST);
        try (BatchLab lab = new BatchLab(folder, settings -> settings.withFaults(lost)).withWebhooks()) {
            Ran ran = lab.run("on_unknown_submit: fail\n" + BatchLab.pictures("a"));

            // A callback that is later than most is too late for the job, but not for its ledger.
            assertThat(lab.simulator().ledger().submits()).hasSize(1);
            assertThat(ran.manifest().at("/ledger/charged").decimalValue().signum()
                            + ran.manifest()
                                    .at("/ledger/at_risk")
                                    .decimalValue()
                                    .signum())
                    .isEqualTo(1);
        }
    }

    @Test
    void aLostSubmitThatIsCalledBackIsPaidOnceStoredAtOnceAndNotAtRisk() throws IOException {
        FaultPlan lost = FaultPlan.eachJob(Fault.LOST);
        try (VirtualBatch batch = new VirtualBatch(folder, settings -> settings.withFaults(lost))
                .withWebhooks()
                .withDownloads()) {
            VirtualBatch.Ran ran = batch.run("lost", PaceBenchmark.config(BatchLab.FLUX, 3, 3));

            assertThat(ran.jobs()).hasSize(3).allSatisfy(job -> {
                assertThat(job.state()).isEqualTo(JobState.STORED);
                assertThat(job.attempts()).hasSize(1);
                assertThat(job.lastAttempt().state()).isEqualTo(AttemptState.SUCCEEDED);
                assertThat(job.lastAttempt().atRisk()).isZero();
            });
            assertThat(batch.ledger().submits()).hasSize(3);
            assertThat(batch.ledger().charges()).hasSize(3);
            List<Instant> ready = batch.ledger().entries().stream()
                    .map(entry -> entry.prediction().readyAt())
                    .toList();
            assertThat(ran.noticed().values()).containsExactlyInAnyOrderElementsOf(ready);
        }
    }

    @Test
    void aLostSubmitThatIsNotCalledBackIsSentAgainOnce() throws IOException {
        FaultPlan lost = FaultPlan.eachJob(Fault.SUBMIT_DROP);
        try (VirtualBatch batch = new VirtualBatch(folder, settings -> settings.withFaults(lost)).withWebhooks()) {
            VirtualBatch.Ran ran = batch.run("dropped", PaceBenchmark.config(BatchLab.FLUX, 3, 3));

            assertThat(ran.jobs())
                    .hasSize(3)
                    .allSatisfy(job -> assertThat(job.attempts())
                            .extracting(Attempt::state)
                            .containsExactly(AttemptState.UNKNOWN, AttemptState.SUCCEEDED));
        }
    }

    @Test
    void theWaitForALostSubmitsCallbackIsNoQueueing() throws IOException {
        FaultPlan lost = FaultPlan.eachJob(Fault.SUBMIT_DROP);
        try (VirtualBatch batch = new VirtualBatch(folder, settings -> settings.withFaults(lost)).withWebhooks()) {
            VirtualBatch.Ran ran = batch.run(
                    "impatient",
                    PaceBenchmark.config(BatchLab.FLUX, 1, 1)
                            .replace("defaults: {", "defaults: {max_queue_wait: 5s, "));

            assertThat(ran.jobs()).singleElement().extracting(JobRecord::state).isEqualTo(JobState.GENERATED);
        }
    }

    @Test
    void aLostSubmitOfAModelThatNothingIsKnownOfIsNotSentAgainBeforeItsTimeout() throws IOException {
        FaultPlan lost = FaultPlan.eachJob(Fault.LOST);
        ModelTable slow = ModelTable.tutorial().withTime("acme", Span.seconds(100, 200));
        try (VirtualBatch batch =
                new VirtualBatch(folder, settings -> settings.withFaults(lost).withModels(slow)).withWebhooks()) {
            VirtualBatch.Ran ran = batch.run(
                    "unknown", "prices: {acme/image: {per_image: 0.05}}\n" + PaceBenchmark.config("acme/image", 3, 3));

            assertThat(ran.jobs()).hasSize(3).allSatisfy(job -> {
                assertThat(job.state()).isEqualTo(JobState.GENERATED);
                assertThat(job.attempts()).hasSize(1);
            });
            assertThat(batch.ledger().charges()).hasSize(3);
        }
    }

    @Test
    void whereTheWaitBreaksJobsArePolledAsWithoutCallbacks() throws IOException {
        String config = PaceBenchmark.config(BatchLab.FLUX, 3, 3);
        try (VirtualBatch polled = new VirtualBatch(folder.resolve("polled"), settings -> settings);
                VirtualBatch broken = new VirtualBatch(folder.resolve("broken"), settings -> settings)
                        .withWebhooks()
                        .withBrokenWaits()) {
            polled.run("b", config);
            VirtualBatch.Ran ran = broken.run("b", config);

            assertThat(ran.jobs())
                    .hasSize(3)
                    .allSatisfy(job -> assertThat(job.state()).isEqualTo(JobState.GENERATED));
            assertThat(broken.ledger().polls())
                    .as("one more each, at once when the wait breaks; and the steps after it, which are short")
                    .isLessThanOrEqualTo(polled.ledger().polls() + 3 * 3);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CALLBACK_LOST", "CALLBACK_FORGED", "CALLBACK_TWICE", "FAILED"})
    void withoutAUsableCallbackTheJobIsPolled(Fault fault) throws IOException {
        FaultPlan once = FaultPlan.eachJob(fault);
        try (BatchLab lab = new BatchLab(folder, settings -> settings.withFaults(once)).withWebhooks()) {
            Ran ran = lab.run(BatchLab.pictures("a"));

            assertAllSucceeded(lab, ran, 1);
            if (fault != Fault.CALLBACK_TWICE) {
                assertThat(polls(lab)).isPositive();
            }
        }
    }
}
