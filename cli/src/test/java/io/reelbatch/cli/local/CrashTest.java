package io.reelbatch.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.reelbatch.cli.local.BatchLab.Ran;
import io.reelbatch.cli.local.ScriptedProvider.Answer;
import io.reelbatch.cli.simulator.Fault;
import io.reelbatch.cli.simulator.FaultPlan;
import io.reelbatch.cli.simulator.ModelTable;
import io.reelbatch.cli.simulator.OutputShape;
import io.reelbatch.cli.simulator.Quirk;
import io.reelbatch.cli.simulator.SimulatorSettings;
import io.reelbatch.cli.simulator.Span;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The process dies before and after each write and each call, one after the other, until none is left; each time the state
 * is opened again and the batch resumed.
 */
@ExtendWith(Death.Quiet.class)
class CrashTest {
    private static final Pattern WHOLE_BATCH =
            Pattern.compile("the batch|the jobs|items[.]jsonl|/[.]map/|manifest|cost-report");
    private static final BigDecimal PRICE = new BigDecimal("0.04");
    /** Done when it is first looked at. */
    private static final ModelTable QUICK = ModelTable.tutorial().withTime("flux", Span.seconds(1, 1));

    @TempDir
    private Path folder;

    /** How a job goes when nobody crashes. */
    enum Story {
        PLAIN,
        ANSWER_LOST,
        THROTTLED,
        GENERATION_FAILED,
        ADDRESS_EXPIRED,
        OUTPUTS_IN_THE_SUBMITS_ANSWER;

        /** What is written of the batch as a whole is the same in every story: dying there once around is enough. */
        boolean counts(String moment) {
            return this == PLAIN || !WHOLE_BATCH.matcher(moment).find();
        }

        SimulatorSettings in(SimulatorSettings settings) {
            return switch (this) {
                case PLAIN -> settings;
                case ANSWER_LOST -> settings.withFaults(FaultPlan.eachJob(Fault.LOST));
                case THROTTLED -> settings.withFaults(FaultPlan.eachJob(Fault.SUBMIT_429));
                case GENERATION_FAILED -> settings.withFaults(FaultPlan.eachJob(Fault.FAILED));
                case ADDRESS_EXPIRED -> settings.withFaults(FaultPlan.eachJob(Fault.DOWNLOAD_404));
                case OUTPUTS_IN_THE_SUBMITS_ANSWER ->
                    settings.withQuirks(Quirk.SYNCHRONOUS).withOutputs(OutputShape.DATA_URI);
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void whereverItDiesAResumeFinishesItAndPaysTwiceOnlyForAnUnknown(Story story) throws Exception {
        List<String> deaths = new ArrayList<>();
        boolean survived = false;
        while (!survived) {
            Death death = new Death(deaths.size() + 1, story::counts);
            try (BatchLab lab = new BatchLab(
                    folder.resolve(deaths.size() + "-" + story), settings -> story.in(settings.withModels(QUICK)))) {
                lab.plan(BatchLab.pictures("a"));
                death.strike(lab);
                survived = death.where().isEmpty();
                if (!survived) {
                    deaths.add(death.where().get());
                    Ran ran = lab.resume();
                    lab.assertStoredAsServed(ran);
                    long charges = lab.simulator().ledger().charges().size();
                    assertStoredAndPaid(
                            ran.job("a"), story, charges, death.where().get());
                }
            }
        }
        assertThat(deaths).as("moments to die at").hasSizeGreaterThan(15);
    }

    private static void assertStoredAndPaid(JsonNode job, Story story, long charges, String death) {
        int unknown = job.path("unknown_submits").asInt();
        int lostAnyway = story == Story.ANSWER_LOST ? 1 : 0;
        if (lostAnyway == 1 && unknown == 2) {
            // The resubmission's answer was lost as well: not sent a third time without being asked for.
            assertThat(job.path("reason").asText()).as(death).isEqualTo("unknown_submit");
        } else {
            assertThat(job.path("status").asText()).as("%s: %s", death, job).isEqualTo("success");
        }
        assertThat(charges).as("charges after a death %s: %s", death, job).isBetween(1L, 1L + unknown);
        assertThat(unknown).as("lost answers after a death %s", death).isBetween(lostAnyway, lostAnyway + 1);
        assertThat(job.path("charged").decimalValue().add(job.path("at_risk").decimalValue()))
                .as("charged and at risk after a death %s", death)
                .isGreaterThanOrEqualTo(PRICE.multiply(BigDecimal.valueOf(charges)));
    }

    @Test
    void outputsThatNobodyCanAskForAgainAreNotLostOnceTheirSubmitIsKnownToBeAccepted() throws Exception {
        boolean survived = false;
        for (int at = 1; !survived; at++) {
            Death death = new Death(at, Story.OUTPUTS_IN_THE_SUBMITS_ANSWER::counts);
            try (ScriptedProvider provider = answeringWithoutAnId();
                    BatchLab lab = new BatchLab(folder.resolve(at + "-no-id"))) {
                lab.against(provider.baseUrl()).plan(BatchLab.pictures("a"));
                death.strike(lab);
                survived = death.where().isEmpty();
                if (!survived) {
                    JsonNode job = lab.resume().job("a");
                    assertThat(job.path("status").asText())
                            .as("%s: %s", death.where(), job)
                            .isEqualTo("success");
                    assertThat(provider.count("POST"))
                            .as("submits after a death %s", death.where())
                            .isBetween(1L, 1L + job.path("unknown_submits").asInt());
                }
            }
        }
    }

    private static ScriptedProvider answeringWithoutAnId() throws IOException {
        ScriptedProvider provider = new ScriptedProvider().on("/files/", times -> Answer.png());
        String answer =
                "{\"code\":200,\"data\":{\"status\":\"completed\",\"outputs\":[\"" + provider.file("1.png") + "\"]}}";
        return provider.onSubmit(times -> Answer.json(200, answer));
    }
}
