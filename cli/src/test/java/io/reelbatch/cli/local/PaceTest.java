package io.reelbatch.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.reelbatch.cli.local.PaceBenchmark.CalledBack;
import io.reelbatch.cli.local.PaceBenchmark.Polling;
import io.reelbatch.cli.local.PaceBenchmark.Throttled;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the benchmarks print, with fewer jobs; in virtual time, so that a busy machine changes nothing. */
class PaceTest {
    @TempDir
    Path home;

    @Test
    void anImageCostsFewerPollsThanTheTutorialsAndAtMostElevenTransitions() throws IOException {
        Polling images = PaceBenchmark.polling(home, PaceBenchmark.FLUX, 60);

        assertThat(images.calls()).isLessThanOrEqualTo(0.95);
        assertThat(images.delay()).isLessThanOrEqualTo(0.60);
        assertThat(images.transitions()).isLessThanOrEqualTo(11);
    }

    @Test
    void aClipCostsFewerPollsThanTheTutorialsAndAtMostFifteenTransitions() throws IOException {
        Polling clips = PaceBenchmark.polling(home, PaceBenchmark.SEEDANCE, 60);

        assertThat(clips.calls()).isLessThanOrEqualTo(0.70);
        assertThat(clips.delay()).isLessThanOrEqualTo(0.60);
        assertThat(clips.transitions()).isLessThanOrEqualTo(15);
    }

    @Test
    void aJobThatIsCalledBackIsNoticedAtOnceForOneCallAndAtMostSixTransitions() throws IOException {
        for (String model : List.of(PaceBenchmark.FLUX, PaceBenchmark.SEEDANCE)) {
            CalledBack jobs = PaceBenchmark.calledBack(home.resolve(model), model, 60);

            assertThat(jobs.delay())
                    .as("seconds, those beyond the 95th percentile included")
                    .isLessThan(0.01);
            assertThat(jobs.calls())
                    .as("one each, and a poll for the slowest twentieth")
                    .isLessThanOrEqualTo(1.10);
            assertThat(jobs.transitions()).isLessThanOrEqualTo(6);
        }
    }

    @Test
    void aRateLimitIsLearnedAtTheCostOfAFewRefusals() throws IOException {
        Throttled images = PaceBenchmark.tokenBucket(home, "batch", 300, 100, 10, 1);

        assertThat(images.stored()).as("none is lost").isEqualTo(300);
        // The first second costs what a batch of 5,000 hardly notices: there it is under 1 %.
        assertThat(images.refusedShare()).isLessThan(0.06);
    }

    @Test
    void whereOnlyThreeRunAtOnceThePlacesAreKeptBusy() throws IOException {
        Throttled weekly = PaceBenchmark.places(home, 1, 8, 3);

        assertThat(weekly.stored()).isEqualTo(15);
        assertThat(weekly.ratio()).isLessThanOrEqualTo(1.15);
    }

    @Test
    void aWeeklyBatchIsDoneWithinAQuarterMoreThanTheBestPossibleTime() throws IOException {
        double sum = 0;
        for (long seed = 1; seed <= 3; seed++) {
            sum += PaceBenchmark.makespan(home.resolve("seed" + seed), seed, 3).ratio();
        }

        assertThat(sum / 3).isLessThanOrEqualTo(1.25);
    }

    @Test
    void calledBackItIsDoneWithinATenthMore() throws IOException {
        double sum = 0;
        for (long seed = 1; seed <= 3; seed++) {
            sum += PaceBenchmark.makespanCalledBack(home.resolve("seed" + seed), seed, 3)
                    .ratio();
        }

        assertThat(sum / 3).isLessThanOrEqualTo(1.10);
    }
}
