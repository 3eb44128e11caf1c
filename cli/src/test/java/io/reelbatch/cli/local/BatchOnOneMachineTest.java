package io.reelbatch.cli.local;

import static io.reelbatch.cli.local.BatchLab.pictures;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.reelbatch.cli.local.BatchLab.Machine;
import io.reelbatch.cli.local.BatchLab.Ran;
import io.reelbatch.cli.local.ScriptedProvider.Answer;
import io.reelbatch.cli.simulator.ApiShape;
import io.reelbatch.cli.simulator.Fault;
import io.reelbatch.cli.simulator.FaultPlan;
import io.reelbatch.cli.simulator.Ledger;
import io.reelbatch.cli.simulator.Limits;
import io.reelbatch.cli.simulator.ModelTable;
import io.reelbatch.cli.simulator.OutputShape;
import io.reelbatch.cli.simulator.Quirk;
import io.reelbatch.cli.simulator.SimulatorSettings;
import io.reelbatch.cli.simulator.Span;
import io.reelbatch.domain.job.BatchSettings.ProviderApi;
import io.reelbatch.engine.Execution;
import io.reelbatch.engine.ExecutionResult.Status;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole batches against a provider that does all that a provider does. Flux costs 0.04 USD a picture. */
class BatchOnOneMachineTest {
    @TempDir
    private Path folder;

    private Optional<BatchLab> open = Optional.empty();
    private Optional<ScriptedProvider> script = Optional.empty();

    @AfterEach
    void close() throws IOException {
        if (open.isPresent()) {
            open.get().close();
        }
        script.ifPresent(ScriptedProvider::close);
    }

    private BatchLab lab(UnaryOperator<SimulatorSettings> settings) throws IOException {
        BatchLab lab = new BatchLab(folder.resolve("out"), settings);
        open = Optional.of(lab);
        return lab;
    }

    private BatchLab lab(Fault... faults) throws IOException {
        return lab(settings -> settings.withFaults(FaultPlan.eachJob(faults)));
    }

    private ScriptedProvider scripted() throws IOException {
        ScriptedProvider provider = new ScriptedProvider();
        script = Optional.of(provider);
        return provider;
    }

    private static BigDecimal usd(JsonNode amount) {
        return amount.decimalValue();
    }

    private static void assertSuccess(JsonNode job) {
        assertThat(job.path("status").asText()).as("%s", job).isEqualTo("success");
        assertThat(usd(job.path("cost"))).isEqualByComparingTo("0.04");
        assertThat(job.path("error").isNull()).isTrue();
    }

    private static void assertFailed(JsonNode job, String reason) {
        assertThat(job.path("status").asText()).as("%s", job).isEqualTo("failed");
        assertThat(job.path("reason").asText()).as("%s", job).isEqualTo(reason);
        assertThat(job.path("error").asText()).isNotBlank();
        assertThat(usd(job.path("cost"))).isZero();
    }

    private static void assertLedger(Ran ran, String charged, String atRisk) {
        assertThat(usd(ran.manifest().at("/ledger/charged"))).isEqualByComparingTo(charged);
        assertThat(usd(ran.manifest().at("/ledger/at_risk"))).isEqualByComparingTo(atRisk);
    }

    @Nested
    class WhenAllGoesWell {
        @Test
        void theWeeklyExampleLeavesFifteenFilesAManifestAndABill() throws Exception {
            BatchLab lab = lab();
            Ran ran = lab.run(Files.readString(Path.of("../examples/weekly.yaml")));

            assertThat(ran.execution().status()).isEqualTo(Status.SUCCEEDED);
            assertThat(lab.files())
                    .hasSize(15 + 4)
                    .contains("manifest.json", "cost-report.json", "cost-report.csv", "report.html");
            for (String file : lab.files()) {
                assertMedia(lab.folder().resolve(file));
            }
            assertThat(ran.results()).hasSize(15).allSatisfy(job -> {
                assertThat(job.path("status").asText()).isEqualTo("success");
                assertThat(job.path("attempts").asInt()).isOne();
                assertThat(job.path("unknown_submits").asInt()).isZero();
            });
            lab.assertStoredAsServed(ran);
            assertThat(lab.simulator().ledger().charged()).isEqualByComparingTo("0.95");
            assertWeeklyBill(lab, ran);
        }

        private void assertMedia(Path file) throws IOException {
            byte[] bytes = Files.readAllBytes(file);
            String start = new String(bytes, 0, 12, StandardCharsets.ISO_8859_1);
            if (file.toString().endsWith(".png")) {
                assertThat(start).startsWith("\u0089PNG\r\n\u001a\n");
            } else if (file.toString().endsWith(".mp4")) {
                assertThat(start.substring(4, 8)).isEqualTo("ftyp");
            } else {
                assertThat(file).hasParent(folder.resolve("out"));
            }
        }

        /** 10 pictures at 0.04 and 5 clips of 5 s at 0.022: the published 0.95. */
        private void assertWeeklyBill(BatchLab lab, Ran ran) throws IOException {
            JsonNode manifest = ran.manifest();
            assertThat(usd(manifest.path("total_cost"))).isEqualByComparingTo("0.95");
            assertThat(manifest.path("total_jobs").asInt()).isEqualTo(15);
            assertThat(manifest.path("successful").asInt()).isEqualTo(15);
            assertThat(manifest.path("failed").asInt()).isZero();
            assertLedger(ran, "0.95", "0");
            JsonNode costs = lab.json("cost-report.json");
            assertThat(usd(costs.path("total_cost"))).isEqualByComparingTo("0.95");
            assertThat(costs.path("by_model")).hasSize(2);
            assertThat(usd(costs.at("/by_model/0/total_cost"))).isEqualByComparingTo("0.40");
            assertThat(usd(costs.at("/by_model/1/total_cost"))).isEqualByComparingTo("0.55");
            List<String> rows = Files.readAllLines(lab.folder().resolve("cost-report.csv"));
            int cost = Arrays.asList(rows.get(0).split(",", -1)).indexOf("cost");
            assertThat(rows.stream()
                            .skip(1)
                            .map(row -> new BigDecimal(row.split(",", -1)[cost]))
                            .reduce(BigDecimal.ZERO, BigDecimal::add))
                    .isEqualByComparingTo("0.95");
        }

        @Test
        void theManifestHasWhatTheTutorialsReadersLookFor() throws Exception {
            JsonNode manifest =
                    lab().run("output_dir: out\n" + pictures("Hero Shot")).manifest();

            assertThat(manifest.fieldNames())
                    .toIterable()
                    .startsWith("generated_at", "total_cost", "total_jobs", "successful", "failed");
            JsonNode job = manifest.at("/results/0");
            assertThat(job.fieldNames())
                    .toIterable()
                    .startsWith(
                            "name",
                            "model",
                            "type",
                            "status",
                            "output_url",
                            "local_path",
                            "cost",
                            "generation_time",
                            "error");
            assertThat(job.path("local_path").asText()).isEqualTo("out/images/hero_shot.png");
            assertThat(job.path("output_url").asText()).startsWith("http://");
            assertThat(job.path("generation_time").asDouble()).isGreaterThanOrEqualTo(5.0);
        }

        @Test
        void noNameLeavesTheFolderAndNoneIsLost() throws Exception {
            String long200 = "x".repeat(200);
            BatchLab lab = lab();
            Ran ran = lab.run(pictures(
                    "../../../etc/passwd",
                    "Hero",
                    "hero",
                    "HERO!",
                    "\uD83E\uDD8A",
                    "..",
                    "a/b\\c",
                    "é",
                    "con",
                    long200));

            assertThat(ran.results()).allSatisfy(BatchOnOneMachineTest::assertSuccess);
            assertThat(lab.files())
                    .filteredOn(file -> file.startsWith("images/"))
                    .hasSize(10);
            assertThat(lab.files())
                    .contains("images/etcpasswd.png", "images/hero.png", "images/hero_2.png", "images/hero_3.png");
            assertThat(ran.job("\uD83E\uDD8A").path("path").asText()).isEqualTo("images/job_5.png");
            try (var around = Files.list(folder)) {
                assertThat(around).containsExactly(lab.folder());
            }
            lab.assertStoredAsServed(ran);
        }

        @ParameterizedTest
        @EnumSource
        void outputsAreFoundHoweverTheAnswerCarriesThem(OutputShape shape) throws Exception {
            BatchLab lab = lab(settings -> settings.withOutputs(shape));
            Ran ran = lab.run(pictures("a"));

            assertSuccess(ran.job("a"));
            lab.assertStoredAsServed(ran);
            assertThat(ran.job("a").path("output_url").isNull()).isEqualTo(shape == OutputShape.DATA_URI);
            assertThat(lab.folder().resolve(".reelbatch/objects/batches/b1/.reelbatch/inline"))
                    .satisfiesAnyOf(
                            inline -> assertThat(inline).doesNotExist(),
                            inline -> assertThat(inline).isEmptyDirectory());
        }

        @ParameterizedTest
        @EnumSource
        void oddAnswersAreUnderstood(Quirk quirk) throws Exception {
            BatchLab lab = lab(settings -> settings.withQuirks(quirk));
            Ran ran = lab.run(pictures("a", "b"));

            assertThat(ran.results()).allSatisfy(BatchOnOneMachineTest::assertSuccess);
            lab.assertStoredAsServed(ran);
        }

        @Test
        void anAnswerThatCarriesTheOutputsIsNotPolledFor() throws Exception {
            BatchLab lab = lab(settings -> settings.withQuirks(Quirk.SYNCHRONOUS));
            lab.run(pictures("a"));

            assertThat(lab.simulator().ledger().polls()).isZero();
        }

        @Test
        void aServerOfTheTutorialsShapeWorksToo() throws Exception {
            BatchLab lab = lab(settings -> settings.withShape(ApiShape.TUTORIAL));
            Ran ran = lab.run("api: tutorial\n" + pictures("a"));

            assertSuccess(ran.job("a"));
            lab.assertStoredAsServed(ran);
        }

        @Test
        void severalOutputsOfOneGenerationAreAllStored() throws Exception {
            ScriptedProvider provider = scripted().accepting().on("/files/", times -> Answer.png());
            provider.completing(provider.file("1.png"), provider.file("2.png"), provider.file("3.png"));
            BatchLab lab = lab().against(provider.baseUrl());
            JsonNode job = lab.run(pictures("a")).job("a");

            assertSuccess(job);
            assertThat(job.path("path").asText()).isEqualTo("images/a.png");
            assertThat(job.path("also_paths"))
                    .extracting(JsonNode::asText)
                    .containsExactly("images/a-2.png", "images/a-3.png");
            assertThat(lab.files()).contains("images/a.png", "images/a-2.png", "images/a-3.png");
        }

        @Test
        void anAddressWithBlanksAndBracketsIsFetchedAndWritten() throws Exception {
            ScriptedProvider provider = scripted().accepting().on("/files/", times -> Answer.png());
            String address = provider.file("a b [1]|é.png");
            provider.completing(address);
            JsonNode job = lab().against(provider.baseUrl()).run(pictures("a")).job("a");

            assertSuccess(job);
            assertThat(job.path("output_url").asText()).isEqualTo(address);
        }
    }

    @Nested
    class WhenSubmitsFail {
        @Test
        void aThrottledJobWaitsAndIsNotLost() throws Exception {
            BatchLab lab = lab(Fault.SUBMIT_429, Fault.SUBMIT_429, Fault.SUBMIT_429, Fault.SUBMIT_429);
            Ran ran = lab.run(pictures("a", "b"));

            assertThat(ran.results()).allSatisfy(job -> {
                assertSuccess(job);
                assertThat(job.path("attempts").asInt()).isOne();
            });
            assertThat(lab.simulator().ledger().throttled()).isEqualTo(8);
            assertThat(lab.simulator().ledger().charges()).hasSize(2);
        }

        @Test
        void aProviderThatAllowsOneAtATimeStillGetsThemAll() throws Exception {
            BatchLab lab = lab(settings -> settings.withLimits(Limits.none().withConcurrent(1)));
            Ran ran = lab.run("max_workers: 6\n" + pictures("a", "b", "c", "d", "e", "f"));

            assertThat(ran.results()).allSatisfy(BatchOnOneMachineTest::assertSuccess);
            assertThat(lab.simulator().ledger().throttled()).isPositive();
            assertThat(lab.simulator().ledger().charges()).hasSize(6);
        }

        @Test
        void aJobThatIsThrottledForTooLongFailsAndCostsNothing() throws Exception {
            BatchLab lab = lab(settings -> settings.withFaults((occasion, chance) -> Optional.of(Fault.SUBMIT_429)));
            Ran ran = lab.run(pictures("a").replace("prompt:", "max_queue_wait: 30, prompt:"));

            assertFailed(ran.job("a"), "queue_expired");
            assertLedger(ran, "0", "0");
        }

        @Test
        void aRefusedConnectionIsTriedAgain() throws Exception {
            BatchLab lab = lab();
            AtomicInteger refusals = new AtomicInteger(3);
            lab.withProviders(provider -> api -> refusals.getAndDecrement() > 0
                    ? lab.client(lab.nowhere(), ProviderApi.ATLAS)
                    : provider.apply(api));
            Ran ran = lab.run(pictures("a"));

            assertSuccess(ran.job("a"));
            assertThat(ran.job("a").path("attempts").asInt()).isOne();
            assertThat(lab.simulator().ledger().submits()).hasSize(1);
        }

        @Test
        void aServerErrorIsTriedTwiceMore() throws Exception {
            BatchLab lab = lab(Fault.SUBMIT_500, Fault.SUBMIT_503);
            Ran ran = lab.run(pictures("a"));

            assertSuccess(ran.job("a"));
            assertThat(ran.job("a").path("attempts").asInt()).isEqualTo(3);
            assertThat(lab.simulator().ledger().charges()).hasSize(1);
            assertLedger(ran, "0.04", "0");
        }

        @Test
        void threeServerErrorsAreTheJobsEnd() throws Exception {
            BatchLab lab = lab(Fault.SUBMIT_500, Fault.SUBMIT_500, Fault.SUBMIT_500);
            Ran ran = lab.run(pictures("a"));

            assertFailed(ran.job("a"), "provider_error");
            assertThat(lab.simulator().ledger().submits()).hasSize(3);
            assertLedger(ran, "0", "0");
            assertThat(ran.execution().status()).isEqualTo(Status.FAILED);
            assertThat(ran.execution().error()).contains("BatchIncomplete");
        }

        @ParameterizedTest
        @EnumSource(names = {"SUBMIT_400", "SUBMIT_403", "SUBMIT_404"})
        void aRefusedRequestIsNotSentAgain(Fault fault) throws Exception {
            BatchLab lab = lab(settings ->
                    settings.withFaults(FaultPlan.eachJob(fault, fault, fault).only("a")));
            Ran ran = lab.run(pictures("a", "b"));

            assertFailed(ran.job("a"), "refused");
            assertSuccess(ran.job("b"));
            assertThat(lab.simulator().ledger().submits()).hasSize(2);
        }

        @ParameterizedTest
        @EnumSource(names = {"LOST", "LOST_502", "LOST_504", "SUBMIT_DROP", "SUBMIT_502"})
        void aLostAnswerIsSentOnceMoreAndNamed(Fault fault) throws Exception {
            BatchLab lab = lab(fault);
            Ran ran = lab.run(pictures("a"));

            assertSuccess(ran.job("a"));
            assertThat(ran.job("a").path("unknown_submits").asInt()).isOne();
            assertThat(ran.job("a").path("attempts").asInt()).isEqualTo(2);
            assertThat(usd(ran.job("a").path("at_risk"))).isEqualByComparingTo("0.04");
            assertLedger(ran, "0.04", "0.04");
            assertThat(lab.simulator().ledger().submits()).hasSize(2);
            boolean accepted = fault.name().startsWith("LOST");
            assertThat(lab.simulator().ledger().charges()).hasSize(accepted ? 2 : 1);
        }

        @Test
        void twoLostAnswersAreTheJobsEnd() throws Exception {
            BatchLab lab = lab(Fault.LOST, Fault.LOST);
            Ran ran = lab.run(pictures("a"));

            assertFailed(ran.job("a"), "unknown_submit");
            assertThat(ran.job("a").path("unknown_submits").asInt()).isEqualTo(2);
            assertThat(lab.simulator().ledger().submits()).hasSize(2);
            assertLedger(ran, "0", "0.08");
        }

        @Test
        void aLostAnswerIsNotSentAgainIfTheConfigSaysSo() throws Exception {
            BatchLab lab = lab(Fault.LOST);
            Ran ran = lab.run("on_unknown_submit: fail\n" + pictures("a"));

            assertFailed(ran.job("a"), "unknown_submit");
            assertThat(lab.simulator().ledger().submits()).hasSize(1);
            assertLedger(ran, "0", "0.04");

            Ran retried = lab.retry();
            assertSuccess(retried.job("a"));
            assertThat(retried.job("a").path("unknown_submits").asInt()).isOne();
            assertLedger(retried, "0.04", "0.04");
        }

        @Test
        void aThrottledResubmissionIsStillAboutALostAnswer() throws Exception {
            BatchLab lab = lab(settings -> settings.withFaults(
                    (occasion, chance) -> Optional.of(occasion.job() == 0 ? Fault.LOST : Fault.SUBMIT_429)));
            Ran ran = lab.run(pictures("a").replace("prompt:", "max_queue_wait: 30, prompt:"));

            assertFailed(ran.job("a"), "unknown_submit");
            assertThat(ran.job("a").path("error").asText()).contains("may have been accepted", "max_queue_wait");
            assertThat(ran.job("a").path("unknown_submits").asInt()).isOne();
            assertLedger(ran, "0", "0.04");
        }

        @Test
        void aLostAnswerIsNotForgottenWhenTheBalanceForbidsToSendItAgain() throws Exception {
            BatchLab lab = lab(settings -> settings.withFaults((occasion, chance) -> Optional.of(Fault.LOST))
                    .withLimits(Limits.none().withBalance(new BigDecimal("0.05"))));
            Ran ran = lab.run(pictures("a"));

            assertFailed(ran.job("a"), "unknown_submit");
            assertThat(ran.job("a").path("error").asText()).contains("may have been accepted", "402");
            assertThat(ran.summary().path("halted").asText()).contains("402");
            assertThat(lab.simulator().ledger().charges()).hasSize(1);
            assertLedger(ran, "0", "0.04");
        }

        @Test
        void aWrongKeyStopsTheBatchAtOnce() throws Exception {
            BatchLab lab = lab(settings -> settings.withKey("right")).withKey("wrong");
            Ran ran = lab.run("max_workers: 2\n" + pictures("a", "b", "c", "d", "e", "f"));

            assertThat(ran.results()).allSatisfy(job -> assertFailed(job, "account_refused"));
            assertThat(ran.summary().path("halted").asText()).contains("401", "ATLASCLOUD_API_KEY");
            assertThat(lab.simulator().ledger().submits())
                    .as("accepted or answered by a model")
                    .isEmpty();
            assertThat(ran.execution().cause().orElse("")).contains("401");
            assertLedger(ran, "0", "0");

            lab.withKey("right");
            assertThat(lab.retry().results()).allSatisfy(BatchOnOneMachineTest::assertSuccess);
        }

        @Test
        void anEmptyBalanceStopsSubmitsAndWhatRunsIsFinished() throws Exception {
            BatchLab lab = lab(settings -> settings.withLimits(Limits.none().withBalance(new BigDecimal("0.10"))));
            Ran ran = lab.run("max_workers: 5\n" + pictures("a", "b", "c", "d", "e"));

            assertThat(ran.results())
                    .filteredOn(job -> job.path("status").asText().equals("success"))
                    .hasSize(2);
            assertThat(ran.results())
                    .filteredOn(job -> job.path("reason").asText().equals("out_of_balance"))
                    .hasSize(3);
            assertThat(ran.summary().path("halted").asText()).contains("402");
            assertLedger(ran, "0.08", "0");
            lab.assertStoredAsServed(ran);
        }
    }

    @Nested
    class WhenGenerationsFail {
        @Test
        void aFailedGenerationIsTriedTwiceMoreAndPaidOnce() throws Exception {
            BatchLab lab = lab(Fault.FAILED, Fault.FAILED);
            Ran ran = lab.run(pictures("a"));

            assertSuccess(ran.job("a"));
            assertThat(ran.job("a").path("attempts").asInt()).isEqualTo(3);
            assertThat(ran.job("a").path("predictions")).hasSize(3);
            assertThat(lab.simulator().ledger().charges()).hasSize(1);
            assertLedger(ran, "0.04", "0");
            lab.assertStoredAsServed(ran);
        }

        @Test
        void aGenerationThatKeepsFailingCostsNothing() throws Exception {
            BatchLab lab = lab(Fault.FAILED, Fault.FAILED, Fault.FAILED);
            Ran ran = lab.run(pictures("a"));

            assertFailed(ran.job("a"), "generation_failed");
            assertThat(lab.simulator().ledger().submits()).hasSize(3);
            assertLedger(ran, "0", "0");
            assertSuccess(lab.retry().job("a"));
        }

        @Test
        void aJobMayForbidFurtherTries() throws Exception {
            BatchLab lab = lab(Fault.FAILED);
            Ran ran = lab.run(pictures("a").replace("prompt:", "retries: 0, prompt:"));

            assertFailed(ran.job("a"), "generation_failed");
            assertThat(lab.simulator().ledger().submits()).hasSize(1);
        }

        @Test
        void moderationIsFinalAndCostsNothing() throws Exception {
            BatchLab lab = lab(settings ->
                    settings.withFaults(FaultPlan.eachJob(Fault.MODERATED).only("a")));
            Ran ran = lab.run(pictures("a", "b"));

            assertFailed(ran.job("a"), "moderated");
            assertSuccess(ran.job("b"));
            assertThat(lab.simulator().ledger().submits()).hasSize(2);
            assertLedger(ran, "0.04", "0");
        }

        @Test
        void aSlowGenerationExpiresAndIsPickedUpByRetryWithoutPaying() throws Exception {
            BatchLab lab = lab(settings -> settings.withModels(
                    ModelTable.tutorial().withTime("flux", new Span(Duration.ofMinutes(60), Duration.ofMinutes(60)))));
            Ran ran = lab.run(pictures("a").replace("prompt:", "timeout: 20, prompt:"));

            assertFailed(ran.job("a"), "wait_expired");
            assertThat(ran.job("a").path("predictions")).hasSize(1);
            assertLedger(ran, "0", "0.04");

            lab.wait(Duration.ofHours(1));
            Ran retried = lab.retry();
            assertSuccess(retried.job("a"));
            assertThat(lab.simulator().ledger().submits()).hasSize(1);
            assertLedger(retried, "0.04", "0");
            lab.assertStoredAsServed(retried);
        }

        @Test
        void aGenerationThatNeverEndsIsAskedForAgainButNeverSentAgain() throws Exception {
            BatchLab lab = lab(Fault.ENDLESS);
            lab.run(pictures("a").replace("prompt:", "timeout: 20, prompt:"));
            Ran retried = lab.retry();

            assertFailed(retried.job("a"), "wait_expired");
            assertThat(lab.simulator().ledger().submits()).hasSize(1);
            assertLedger(retried, "0", "0.04");
        }

        @ParameterizedTest
        @EnumSource(names = {"POLL_404", "POLL_429", "POLL_500", "POLL_502", "POLL_WORD", "POLL_DROP"})
        void aFailedPollSaysNothingAboutTheGeneration(Fault fault) throws Exception {
            BatchLab lab = lab(fault, fault);
            Ran ran = lab.run(pictures("a"));

            assertSuccess(ran.job("a"));
            assertThat(lab.simulator().ledger().submits()).hasSize(1);
        }

        @Test
        void aHangingPollIsGivenUpAndAskedAgain() throws Exception {
            BatchLab lab = lab(Fault.POLL_HANG).withPollTimeout(Duration.ofMillis(500));
            Ran ran = lab.run(pictures("a").replace("prompt:", "timeout: 86400, prompt:"));

            assertSuccess(ran.job("a"));
            assertThat(lab.simulator().ledger().submits()).hasSize(1);
        }

        @Test
        void aKeyThatIsRevokedWhileAJobRunsLeavesItForRetry() throws Exception {
            ScriptedProvider provider =
                    scripted().accepting().onPoll(times -> Answer.json(401, "{\"code\":401,\"msg\":\"unauthorized\"}"));
            Ran ran = lab().against(provider.baseUrl()).run(pictures("a"));

            assertFailed(ran.job("a"), "account_refused");
            assertThat(ran.job("a").path("predictions")).hasSize(1);
            assertLedger(ran, "0", "0.04");
        }

        @Test
        void anEmptyBalanceSeenByAPollDoesNotDropWhatRuns() throws Exception {
            ScriptedProvider provider = scripted().accepting().on("/files/", times -> Answer.png());
            String done = "{\"data\":{\"status\":\"completed\",\"outputs\":[\"" + provider.file("1.png") + "\"]}}";
            provider.onPoll(times -> times == 0
                    ? Answer.json(402, "{\"code\":402,\"msg\":\"insufficient balance\"}")
                    : Answer.json(200, done));
            Ran ran = lab().against(provider.baseUrl()).run(pictures("a"));

            assertSuccess(ran.job("a"));
        }
    }

    @Nested
    class WhenDownloadsFail {
        @ParameterizedTest
        @EnumSource(names = {"DOWNLOAD_CUT", "DOWNLOAD_SHORT", "DOWNLOAD_500"})
        void aBadTransferIsFetchedAgainWithoutTouchingTheGeneration(Fault fault) throws Exception {
            BatchLab lab = lab(fault, fault);
            Ran ran = lab.run(pictures("a"));

            assertSuccess(ran.job("a"));
            assertThat(lab.simulator().ledger().submits()).hasSize(1);
            assertThat(lab.simulator().ledger().entries())
                    .extracting(Ledger.Entry::downloads)
                    .containsExactly(3);
            lab.assertStoredAsServed(ran);
        }

        @Test
        void aTransferThatIsCutEveryTimeIsGivenUpAndFetchedByRetryWithoutPaying() throws Exception {
            BatchLab lab = lab(settings -> settings.withFaults(
                    (occasion, chance) -> Optional.of(Fault.DOWNLOAD_CUT).filter(cut -> occasion.attempt() < 6)));
            Ran ran = lab.run(pictures("a"));

            assertFailed(ran.job("a"), "download_failed");
            assertThat(lab.files()).doesNotContain("images/a.png");
            assertLedger(ran, "0.04", "0");

            Ran retried = lab.retry();
            assertSuccess(retried.job("a"));
            assertThat(lab.simulator().ledger().submits()).hasSize(1);
            lab.assertStoredAsServed(retried);
        }

        @Test
        void anExpiredAddressIsReplacedByAFreshOne() throws Exception {
            BatchLab lab = lab(Fault.DOWNLOAD_404, Fault.DOWNLOAD_404);
            Ran ran = lab.run(pictures("a"));

            assertSuccess(ran.job("a"));
            assertThat(ran.job("a").path("output_url").asText()).endsWith("/3.png");
            assertThat(lab.simulator().ledger().submits()).hasSize(1);
            lab.assertStoredAsServed(ran);
        }

        @Test
        void anAddressThatKeepsExpiringIsGivenUp() throws Exception {
            BatchLab lab = lab(Fault.DOWNLOAD_404, Fault.DOWNLOAD_404, Fault.DOWNLOAD_404, Fault.DOWNLOAD_404);
            Ran ran = lab.run(pictures("a"));

            assertFailed(ran.job("a"), "download_failed");
            assertLedger(ran, "0.04", "0");
            assertSuccess(lab.retry().job("a"));
            assertThat(lab.simulator().ledger().submits()).hasSize(1);
        }

        @Test
        void aRedirectToAPrivateAddressIsNotFollowed() throws Exception {
            BatchLab lab = lab(Fault.DOWNLOAD_REDIRECT);
            Ran ran = lab.run(pictures("a"));

            assertFailed(ran.job("a"), "download_failed");
            assertLedger(ran, "0.04", "0");
        }

        @Test
        void aPageInTheOutputsPlaceIsNotStored() throws Exception {
            ScriptedProvider provider = scripted().accepting().on("/files/", times -> Answer.html(200));
            provider.completing(provider.file("1.png"));
            BatchLab lab = lab().against(provider.baseUrl());
            Ran ran = lab.run(pictures("a"));

            assertFailed(ran.job("a"), "download_failed");
            assertThat(ran.job("a").path("error").asText()).contains("html");
            assertThat(lab.files())
                    .containsExactly("cost-report.csv", "cost-report.json", "manifest.json", "report.html");
            assertLedger(ran, "0.04", "0");
        }

        @Test
        void aPageInsideTheAnswerIsNotStored() throws Exception {
            String page = Base64.getEncoder().encodeToString("<html>Sorry</html>".getBytes(StandardCharsets.UTF_8));
            ScriptedProvider provider = scripted().accepting().completing("data:text/html;base64," + page);
            Ran ran = lab().against(provider.baseUrl()).run(pictures("a"));

            assertFailed(ran.job("a"), "download_failed");
            assertThat(ran.job("a").path("error").asText()).contains("html");
        }

        @Test
        void halfOfSeveralOutputsIsNoSuccess() throws Exception {
            ScriptedProvider provider = scripted()
                    .accepting()
                    .on("/files/good", times -> Answer.png())
                    .on("/files/bad", times -> Answer.html(200));
            provider.completing(provider.file("good.png"), provider.file("bad.png"));
            Ran ran = lab().against(provider.baseUrl()).run(pictures("a"));

            assertFailed(ran.job("a"), "download_failed");
        }
    }

    @Nested
    class WhenTheBudgetIsReached {
        @Test
        void theRestIsNotSubmittedAndNothingInFlightIsDropped() throws Exception {
            BatchLab lab = lab(settings ->
                    settings.withFaults(FaultPlan.eachJob(Fault.LOST).only("a")));
            Ran ran = lab.run("max_workers: 1\nbudget: 0.12\n" + pictures("a", "b", "c"));

            assertSuccess(ran.job("a"));
            assertSuccess(ran.job("b"));
            assertFailed(ran.job("c"), "budget");
            assertLedger(ran, "0.08", "0.04");
            assertThat(lab.simulator().ledger().submits()).hasSize(3);
        }

        @Test
        void aLostAnswerIsNotSentAgainOverTheBudget() throws Exception {
            BatchLab lab = lab(settings ->
                    settings.withFaults(FaultPlan.eachJob(Fault.LOST).only("a")));
            Ran ran = lab.run("max_workers: 3\nbudget: 0.12\n" + pictures("b", "c", "a"));

            assertSuccess(ran.job("b"));
            assertSuccess(ran.job("c"));
            assertFailed(ran.job("a"), "unknown_submit");
            assertThat(ran.job("a").path("error").asText()).contains("0.12");
            assertLedger(ran, "0.08", "0.04");
        }
    }

    @Nested
    class WhenItIsRunAgain {
        @Test
        void nothingHappensToABatchThatIsDone() throws Exception {
            BatchLab lab = lab();
            lab.run(pictures("a", "b"));
            Ran again = lab.resume();

            assertThat(again.results()).allSatisfy(BatchOnOneMachineTest::assertSuccess);
            assertThat(lab.simulator().ledger().submits()).hasSize(2);
            assertThat(lab.retry().results()).allSatisfy(BatchOnOneMachineTest::assertSuccess);
            assertThat(lab.simulator().ledger().submits()).hasSize(2);
        }

        @Test
        void aThrottledJobOfAnInterruptedBatchGoesOnTheNextDay() throws Exception {
            AtomicBoolean busy = new AtomicBoolean(true);
            BatchLab lab = lab(settings -> settings.withFaults(
                    (occasion, chance) -> busy.get() ? Optional.of(Fault.SUBMIT_429) : Optional.empty()));
            lab.plan(pictures("a"));
            try (Machine machine = lab.machine()) {
                Execution execution = machine.start(false);
                while (lab.simulator().ledger().throttled() < 2) {
                    Thread.onSpinWait();
                }
                assertThat(machine.drain(execution)).isTrue();
            }
            busy.set(false);
            lab.wait(Duration.ofDays(1));
            Ran ran = lab.resume();

            assertSuccess(ran.job("a"));
            assertThat(ran.job("a").path("unknown_submits").asInt()).isZero();
        }

        @Test
        void twoMachinesOnTheSameBatchHaveOneEffect() throws Exception {
            BatchLab lab = lab();
            String[] names = {"a", "b", "c", "d", "e", "f", "g", "h"};
            lab.plan("max_workers: 8\n" + pictures(names));
            try (Machine one = lab.machine();
                    Machine other = lab.machine()) {
                Execution first = one.start(false, false);
                Execution second = other.start(false, false);
                one.join(first);
                Ran ran = other.join(second);

                assertThat(ran.results()).allSatisfy(job -> {
                    assertSuccess(job);
                    assertThat(job.path("unknown_submits").asInt()).isZero();
                });
                assertThat(lab.simulator().ledger().submits()).hasSize(names.length);
                lab.assertStoredAsServed(ran);
            }
        }
    }
}
