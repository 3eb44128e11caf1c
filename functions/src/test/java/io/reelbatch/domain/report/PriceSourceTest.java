package io.reelbatch.domain.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.json.Json;
import io.reelbatch.domain.plan.JobType;
import io.reelbatch.domain.plan.PlannedJob;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who sets a job's price, and where the provider's prices are not the table's. */
class PriceSourceTest {
    private static final Instant NOW = Instant.parse("2026-11-02T08:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "false, , table",
        "false, 0.03, table",
        "false, 0.04, table",
        "false, 0.05, quote",
        "true, , guess",
        "true, 0.03, guess",
        "true, 0.05, quote",
    })
    void theHigherSetsThePrice(boolean guessed, BigDecimal quote, String source) {
        JobRecord job = sent(0, guessed, Optional.ofNullable(quote));

        assertThat(JobResult.of(job, "out").priceSource()).isEqualTo(source);
    }

    @Test
    void aJobThatWasNeverSentHasTheTablesPrice() {
        assertThat(JobResult.of(planned(0, false), "out").priceSource()).isEqualTo("table");
    }

    @Test
    void driftIsOneSentenceAModelOverTheJobsWhoseQuoteIsNotTheTablesPrice() {
        BatchTotals totals = new BatchTotals();
        for (String quote : List.of("0.05", "0.07", "0.040")) {
            JobRecord job = sent(0, false, Optional.of(new BigDecimal(quote)));
            totals.add(job, JobResult.of(job, "out"));
        }
        JobRecord unquoted = sent(3, false, Optional.empty());
        totals.add(unquoted, JobResult.of(unquoted, "out"));

        // 0.05 + 0.07 where the table has 2 x 0.04.
        assertThat(totals.drift())
                .containsExactly("a/b: the provider quotes $0.12 where the price table says $0.08 (+50.0 %, 2 jobs);"
                        + " budget and ledger count the higher");
    }

    private static JobRecord sent(int index, boolean guessed, Optional<BigDecimal> quote) {
        BigDecimal table = new BigDecimal("0.04");
        return planned(index, guessed).sending(quote.orElse(table).max(table), quote, NOW, NOW.plusSeconds(90));
    }

    private static JobRecord planned(int index, boolean guessed) {
        ObjectNode request =
                Json.mapper().createObjectNode().put("model", "a/b").put("prompt", "a fox");
        return JobRecord.planned(
                "b-1",
                new PlannedJob(
                        index,
                        Optional.empty(),
                        "Fox",
                        JobType.IMAGE,
                        "a/b",
                        "generateImage",
                        request,
                        "images/fox",
                        new BigDecimal("0.04"),
                        guessed,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(300),
                        2,
                        Duration.ofHours(1),
                        List.of(),
                        List.of()));
    }
}
