package io.reelbatch.adapters.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.job.Reason;
import io.reelbatch.domain.json.Json;
import io.reelbatch.domain.store.SampleRecords;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MetricsTest {
    private static final Instant NOW = Instant.parse("2026-11-02T08:00:00Z");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Metrics metrics = Metrics.to(
            "pictures", new PrintStream(out, true, StandardCharsets.UTF_8), Clock.fixed(NOW, ZoneOffset.UTC));

    private final JobRecord planned = SampleRecords.job("b1", 0);
    private final JobRecord submitted = planned.sending(new BigDecimal("0.04"), NOW, NOW.plusSeconds(90))
            .accepted(1, Optional.of("p1"), Optional.empty(), NOW);

    private String written() {
        return out.toString(StandardCharsets.UTF_8);
    }

    /** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */
    @Test
    void aLineIsOneObjectInTheFormatThatCloudWatchReads() {
        JobRecord generated =
                submitted.generated(1, List.of("https://x/a.png"), Optional.empty(), NOW.plusMillis(12_500));

        metrics.jobChanged(submitted, generated);

        assertThat(written())
                .isEqualTo("{\"_aws\":{\"Timestamp\":1793606400000,\"CloudWatchMetrics\":[{\"Namespace\":\"reelbatch\","
                        + "\"Dimensions\":[[\"Stack\"],[\"Stack\",\"Model\"]],"
                        + "\"Metrics\":[{\"Name\":\"CostUsd\",\"Unit\":\"None\"},"
                        + "{\"Name\":\"GenerationSeconds\",\"Unit\":\"Seconds\"}]}]},"
                        + "\"Stack\":\"pictures\",\"Model\":\"flux\",\"CostUsd\":0.04,\"GenerationSeconds\":12.500}"
                        + System.lineSeparator());
    }

    @Test
    void aFigureOfTheStackHasNoModel() {
        metrics.stuckBatches(2);

        assertThat(written())
                .isEqualTo("{\"_aws\":{\"Timestamp\":1793606400000,\"CloudWatchMetrics\":[{\"Namespace\":\"reelbatch\","
                        + "\"Dimensions\":[[\"Stack\"]],\"Metrics\":[{\"Name\":\"StuckBatches\",\"Unit\":\"Count\"}]}]},"
                        + "\"Stack\":\"pictures\",\"StuckBatches\":2}" + System.lineSeparator());
    }

    @Test
    void moneyAtRiskIsCountedAndTakenBackWhenItIsSpentAfterAll() throws Exception {
        JobRecord failed = submitted.failed(Reason.WAIT_EXPIRED, "too long", NOW);
        JobRecord reopened = failed.reopened(NOW);

        metrics.jobChanged(submitted, failed);
        metrics.jobChanged(failed, reopened);

        List<String> lines = written().lines().toList();
        assertThat(Json.mapper().readTree(lines.get(0)).path("AtRiskUsd").decimalValue())
                .isEqualByComparingTo("0.04");
        assertThat(Json.mapper().readTree(lines.get(0)).path("JobsFailed").asInt())
                .isOne();
        assertThat(Json.mapper().readTree(lines.get(1)).path("AtRiskUsd").decimalValue())
                .isEqualByComparingTo("-0.04");
    }

    @Test
    void aThrottledSubmitIsCounted() {
        JobRecord sending = planned.sending(new BigDecimal("0.04"), NOW, NOW.plusSeconds(90));

        metrics.jobChanged(sending, sending.putOff(1));

        assertThat(written()).contains("\"Throttled\":1").doesNotContain("Usd");
    }

    @Test
    void theTimeFromReadyToNoticedIsInSeconds() {
        metrics.noticed("flux", Duration.ofMillis(3_250));

        assertThat(written()).contains("\"OvershootSeconds\":3.250");
    }

    @Test
    void nothingNewWritesNothing() {
        metrics.jobChanged(planned, planned);
        Metrics.none().stuckBatches(1);

        assertThat(written()).isEmpty();
    }
}
