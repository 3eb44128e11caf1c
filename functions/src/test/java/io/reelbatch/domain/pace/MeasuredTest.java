package io.reelbatch.domain.pace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MeasuredTest {
    private static final Optional<Duration> SILENT = Optional.empty();

    private static Duration s(int seconds) {
        return Duration.ofSeconds(seconds);
    }

    @Test
    void theProviderKnowsBest() {
        assertThat(Measured.generation(Optional.of(s(41)), s(53), List.of(45, 8)))
                .contains(s(45));
        assertThat(Measured.generation(Optional.of(s(47)), s(53), List.of(45, 8)))
                .contains(s(47));
    }

    @Test
    void butNotBetterThanWhatWasSeen() {
        assertThat(Measured.generation(Optional.of(s(3)), s(53), List.of(45, 8)))
                .as("it was still running at 45 s: 3 s left its queue out")
                .contains(s(45));
        assertThat(Measured.generation(Optional.of(s(500)), s(53), List.of(45, 8)))
                .as("it was done at 53 s")
                .contains(s(53));
    }

    @Test
    void whereItIsSilentTheMiddleBetweenTwoPollsIsLearned() {
        assertThat(Measured.generation(SILENT, s(53), List.of(45, 8))).contains(s(49));
    }

    @Test
    void aFirstWaitThatWasTooLongGetsShorter() {
        assertThat(Measured.generation(SILENT, s(40), List.of(40))).contains(s(20));
    }

    @Test
    void whatEndedAtAnUnknownTimeOfAnHourTeachesNothing() {
        assertThat(Measured.generation(SILENT, s(3600), List.of(1))).isEmpty();
        assertThat(Measured.generation(SILENT, s(-5), List.of(1))).isEmpty();
    }
}
