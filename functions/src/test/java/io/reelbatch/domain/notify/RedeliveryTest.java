package io.reelbatch.domain.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RedeliveryTest {
    private static final Instant FIRST = Instant.parse("2026-03-01T09:00:00Z");

    @Test
    void waitsDoubleToTenMinutesAndEndWithinAnHour() {
        List<Long> waits = new ArrayList<>();
        Instant now = FIRST;
        for (int tries = 1; tries < 100; tries++) {
            Optional<Duration> wait = Redelivery.after(tries, FIRST, now, Optional.empty());
            if (wait.isEmpty()) {
                break;
            }
            waits.add(wait.get().toSeconds());
            now = now.plus(wait.get());
        }

        assertThat(waits).containsExactly(5L, 10L, 20L, 40L, 80L, 160L, 320L, 600L, 600L, 600L, 600L);
        assertThat(Duration.between(FIRST, now)).isLessThanOrEqualTo(Duration.ofHours(1));
    }

    @Test
    void aReceiverMayAskForMoreWithinReason() {
        assertThat(Redelivery.after(1, FIRST, FIRST, Optional.of(Duration.ofSeconds(70))))
                .contains(Duration.ofSeconds(70));
        assertThat(Redelivery.after(1, FIRST, FIRST, Optional.of(Duration.ofDays(1))))
                .contains(Duration.ofMinutes(10));
    }

    @Test
    void whatIsNoSecretIsRefusedWithoutBeingRepeated() {
        for (String text : List.of("whsec_short", "whsec_", "hunter2-hunter2-hunter2-hunter2-hunter2")) {
            assertThatThrownBy(() -> SigningSecret.of(text))
                    .hasMessage("it must be whsec_ and the base64 of 24 to 64 random bytes");
        }
        assertThat(SigningSecret.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")).hasToString("SigningSecret[***]");
    }
}
