package io.reelbatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
    private static final ProgressLine LARGE = new ProgressLine(
            1200,
            2000,
            List.of("300 generating", "12 downloading"),
            List.of("1188 stored"),
            List.of("12 failed", "$108.30"),
            Optional.of(Duration.ofSeconds(4027)));

    private static final ProgressLine SMALL = new ProgressLine(
            7,
            15,
            List.of("3 generating"),
            List.of("6 stored"),
            List.of("1 failed", "$0.52"),
            Optional.of(Duration.ofSeconds(65)));

    @Test
    void aUsualTerminalHasRoomForEverything() {
        assertThat(SMALL.in(79)).isEqualTo("[====>       ]  7/15  3 generating, 6 stored, 1 failed, $0.52  1:05");
    }

    @Test
    void aLargeBatchesCountsGoBeforeTheBar() {
        assertThat(LARGE.in(200))
                .isEqualTo("[======>     ] 1200/2000  300 generating, 12 downloading, 1188 stored, 12 failed, $108.30"
                        + "  1:07:07");
        assertThat(LARGE.in(79))
                .isEqualTo("1200/2000  300 generating, 12 downloading, 1188 stored, 12 failed, $108.30");
    }

    @Test
    void aNarrowTerminalStillShowsWhatFailedAndWhatWasPaid() {
        assertThat(SMALL.in(49)).isEqualTo(" 7/15  3 generating, 6 stored, 1 failed, $0.52");
        assertThat(LARGE.in(49)).isEqualTo("1200/2000  12 failed, $108.30");
    }

    @Test
    void noLineIsWiderThanTheTerminal() {
        assertThat(IntStream.range(10, 200)).allSatisfy(columns -> {
            assertThat(LARGE.in(columns)).hasSizeLessThanOrEqualTo(columns);
            assertThat(SMALL.in(columns)).hasSizeLessThanOrEqualTo(columns);
        });
    }

    @Test
    void theBarIsFullWhenAllIsDoneAndNotBefore() {
        assertThat(ProgressLine.of(0, 200, "jobs").in(79)).isEqualTo("[            ]   0/200  jobs");
        assertThat(ProgressLine.of(199, 200, "jobs").in(79)).isEqualTo("[==========> ] 199/200  jobs");
        assertThat(ProgressLine.of(200, 200, "jobs").in(79)).isEqualTo("[============] 200/200  jobs");
    }
}
