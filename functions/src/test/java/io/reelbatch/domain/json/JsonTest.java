package io.reelbatch.domain.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JsonTest {
    /** One of each kind of value that our records have. */
    private record Values(
            Instant at, Duration took, LocalDate day, BigDecimal usd, Optional<Instant> end, Optional<Duration> left) {}

    private static final Values VALUES = new Values(
            Instant.parse("2026-11-23T07:20:31.120Z"),
            Duration.ofMillis(90_500),
            LocalDate.of(2026, 2, 28),
            new BigDecimal("0.0100"),
            Optional.of(Instant.parse("2026-11-23T07:20:00Z")),
            Optional.empty());

    private static final String TEXT =
            "{\"at\":\"2026-11-23T07:20:31.120Z\",\"took\":\"PT1M30.5S\",\"day\":\"2026-02-28\","
                    + "\"usd\":0.0100,\"end\":\"2026-11-23T07:20:00Z\"}";

    @Test
    void timesAreIsoTextAndDecimalsExact() throws Exception {
        assertThat(Json.mapper().writeValueAsString(VALUES)).isEqualTo(TEXT);
        assertThat(Json.mapper().readValue(TEXT, Values.class)).isEqualTo(VALUES);
    }

    @Test
    void whatIsNoTimeIsNamed() {
        assertThatThrownBy(() -> Json.mapper().readValue("{\"took\":\"soon\"}", Values.class))
                .isInstanceOf(InvalidFormatException.class)
                .hasMessageContaining("soon")
                .hasMessageContaining("took");
    }

    @Test
    void anOffsetIsAnInstantToo() throws Exception {
        assertThat(Json.mapper().readValue("\"2026-11-23T08:20:31+01:00\"", Instant.class))
                .isEqualTo(Instant.parse("2026-11-23T07:20:31Z"));
    }
}
