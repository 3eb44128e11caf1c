package io.reelbatch.domain.pace;

import static org.assertj.core.api.Assertions.assertThat;

import io.reelbatch.domain.catalog.Catalog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PollScheduleTest {
    private static List<Duration> seconds(int... seconds) {
        return IntStream.of(seconds).mapToObj(Duration::ofSeconds).toList();
    }

    private static List<Integer> waits(PollSchedule schedule, int polls) {
        List<Integer> waits = new ArrayList<>();
        int elapsed = 0;
        while (waits.size() < polls) {
            waits.add(schedule.next(Duration.ofSeconds(elapsed), waits));
            elapsed += waits.get(waits.size() - 1);
        }
        return waits;
    }

    @Test
    void withoutAProfileItIsTheTutorials() {
        PollSchedule schedule =
                PollSchedule.of(LatencyProfile.of(Collections.nCopies(9, Duration.ofSeconds(40)), List.of()));

        assertThat(schedule.source()).isEqualTo(PollSchedule.Source.FIXED);
        assertThat(waits(schedule, 8)).containsExactly(5, 8, 11, 17, 25, 30, 30, 30);
    }

    /** 30 to 90 s: p10 36, p25 45, p95 87; (87 - 36) / 6 = 8.5. */
    @Test
    void tenCompletionsAreEnough() {
        PollSchedule schedule =
                PollSchedule.of(LatencyProfile.of(seconds(30, 37, 43, 50, 57, 63, 70, 77, 83, 90), List.of()));

        assertThat(schedule.source()).isEqualTo(PollSchedule.Source.LEARNED);
        assertThat(schedule.firstSeconds()).as("44.75, rounded up").isEqualTo(45);
        assertThat(waits(schedule, 10)).containsExactly(45, 8, 8, 8, 8, 8, 8, 12, 18, 27);
    }

    @Test
    void whatTheCatalogExpectsCountsAsTenCompletions() {
        List<Duration> expected = Catalog.shipped().expectedTimes("google/veo3.1/text-to-video");
        LatencyProfile profile = LatencyProfile.of(seconds(70), expected);

        assertThat(expected).hasSize(10).startsWith(Duration.ofSeconds(63)).endsWith(Duration.ofSeconds(117));
        assertThat(PollSchedule.of(profile).source()).isEqualTo(PollSchedule.Source.EXPECTED);
        assertThat(PollSchedule.of(profile).firstSeconds()).isBetween(70, 78);
    }

    @Test
    void ofAModelThatNobodyDescribedNothingIsExpected() {
        assertThat(Catalog.shipped().expectedTimes("somebody/else")).isEmpty();
    }

    @Test
    void onlyTheLastTwoHundredCount() {
        List<Duration> seen = new ArrayList<>(Collections.nCopies(200, Duration.ofSeconds(60)));
        seen.addAll(Collections.nCopies(300, Duration.ofSeconds(5)));

        LatencyProfile profile = LatencyProfile.of(seen, seconds(1, 1, 1, 1, 1, 1, 1, 1, 1, 1));

        assertThat(profile.percentile(0)).isEqualTo(Duration.ofSeconds(60));
        assertThat(profile.seen()).isEqualTo(200);
    }

    @Test
    void stepsAreFiveToFifteenSeconds() {
        assertThat(PollSchedule.of(LatencyProfile.of(Collections.nCopies(10, Duration.ofSeconds(60)), List.of()))
                        .stepSeconds())
                .isEqualTo(5);
        assertThat(PollSchedule.of(LatencyProfile.of(seconds(10, 50, 90, 130, 170, 210, 250, 290, 330, 370), List.of()))
                        .stepSeconds())
                .isEqualTo(15);
    }

    @Test
    void generationsThatTakeNoTimeAreStillWaitedFor() {
        PollSchedule schedule = PollSchedule.of(LatencyProfile.of(Collections.nCopies(10, Duration.ZERO), List.of()));

        assertThat(waits(schedule, 4)).containsExactly(1, 8, 12, 18);
    }

    @Test
    void afterAnInterruptionNobodyWaitsForWhatIsLongDone() {
        PollSchedule schedule =
                PollSchedule.of(LatencyProfile.of(Collections.nCopies(10, Duration.ofSeconds(60)), List.of()));

        assertThat(schedule.next(Duration.ofSeconds(50), List.of())).isEqualTo(10);
        assertThat(schedule.next(Duration.ofHours(1), List.of())).isEqualTo(1);
        assertThat(schedule.next(Duration.ofSeconds(-3), List.of())).isEqualTo(60);
    }
}
