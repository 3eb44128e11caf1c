package io.reelbatch.domain.pace;

import static org.assertj.core.api.Assertions.assertThat;

import io.reelbatch.domain.store.JobStore;
import io.reelbatch.domain.store.Together;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link PaceStore} must do. An adapter's test extends this; each test has a model of its own. */
public abstract class PaceStoreContract {
    private static final int WRITERS = 8;
    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00.123456Z");
    private static final Duration TENTH = Duration.ofMillis(100);

    private final PaceKey key = new PaceKey("account-" + UUID.randomUUID(), "some/modèle", "image");
    private JobStore jobs;
    private PaceStore store;

    /** Opens the store under test. */
    protected abstract JobStore openStore() throws Exception;

    @BeforeEach
    void open() throws Exception {
        jobs = openStore();
        store = jobs.pace();
    }

    @AfterEach
    void close() {
        jobs.close();
    }

    private static Duration millis(int millis) {
        return Duration.ofMillis(millis);
    }

    @Test
    void whatWasNeverWrittenIsAbsent() {
        assertThat(store.remembered(key)).isEmpty();
        assertThat(store.limit(key)).isEmpty();
        assertThat(store.advance(key, 1, TENTH, NOW, NOW.plusSeconds(1))).isEmpty();
    }

    @Test
    void theLatestGenerationTimesComeBackNewestFirst() {
        PaceKey other = new PaceKey(key.account(), key.model(), "video");
        store.remember(key, millis(1));
        store.remember(other, millis(2));
        store.remember(key, millis(3));
        store.remember(key, Duration.ofHours(24));

        assertThat(store.remembered(key)).containsExactly(Duration.ofHours(24), millis(3), millis(1));
        assertThat(store.remembered(other)).containsExactly(millis(2));
    }

    @Test
    void onlyTheLastTwoHundredGenerationTimesComeBack() {
        IntStream.range(0, 205).forEach(i -> store.remember(key, millis(i)));

        List<Duration> remembered = store.remembered(key);

        assertThat(remembered).hasSize(PaceStore.REMEMBERED).startsWith(millis(204), millis(203));
        assertThat(remembered).endsWith(millis(5));
    }

    @Test
    void ofEightWhoRememberAtOnceNothingIsLost() throws Exception {
        Together.run(WRITERS, writer -> () -> {
            for (int i = 0; i < 10; i++) {
                store.remember(key, millis(writer * 10 + i));
            }
            return writer;
        });

        assertThat(store.remembered(key))
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 80)
                        .mapToObj(PaceStoreContract::millis)
                        .toList());
    }

    @Test
    void everyFieldOfALimitComesBack() {
        Limit limit = new Limit(
                1,
                NOW,
                Limit.Mode.FULL,
                0.1 + 0.2,
                NOW.minusNanos(1),
                NOW.plusNanos(1),
                Instant.EPOCH,
                Integer.MAX_VALUE);

        assertThat(store.putLimit(key, Optional.empty(), limit)).isTrue();

        assertThat(store.limit(key)).contains(limit);
    }

    @Test
    void aLimitIsReplacedFromWhatWasReadOnly() {
        Limit first = Limit.start(NOW);
        Limit second = first.free().numbered(2);
        assertThat(store.putLimit(key, Optional.of(first), second))
                .as("there is none yet")
                .isFalse();
        assertThat(store.putLimit(key, Optional.empty(), first)).isTrue();
        assertThat(store.putLimit(key, Optional.empty(), first.free())).isFalse();
        store.advance(key, 1, TENTH, NOW.minusSeconds(1), NOW);

        assertThat(store.putLimit(key, Optional.of(first), second))
                .as("a slot was given out since")
                .isFalse();
        assertThat(store.putLimit(key, Optional.of(first.withNext(NOW.plus(TENTH))), second))
                .isTrue();

        assertThat(store.limit(key)).contains(second);
    }

    @Test
    void aSlotIsGivenOutWithinItsBoundsOnly() {
        store.putLimit(key, Optional.empty(), Limit.start(NOW));

        assertThat(store.advance(key, 2, TENTH, NOW.minusSeconds(1), NOW.plusSeconds(1)))
                .as("another version")
                .isEmpty();
        assertThat(store.advance(key, 1, TENTH, NOW, NOW.plusSeconds(1)))
                .as("not after")
                .isEmpty();
        assertThat(store.advance(key, 1, TENTH, NOW.minusSeconds(1), NOW.minusNanos(1000)))
                .as("too far")
                .isEmpty();
        assertThat(store.advance(key, 1, TENTH, NOW.minusNanos(1000), NOW)).contains(NOW);

        assertThat(store.limit(key)).contains(Limit.start(NOW).withNext(NOW.plus(TENTH)));
    }

    @Test
    void ofEightWhoTakeSlotsAtOnceNobodyGetsAnothers() throws Exception {
        store.putLimit(key, Optional.empty(), Limit.start(NOW));

        List<List<Instant>> slots = Together.run(
                WRITERS,
                writer -> () -> IntStream.range(0, 10)
                        .mapToObj(i -> store.advance(key, 1, TENTH, NOW.minusSeconds(1), NOW.plusSeconds(60))
                                .orElseThrow())
                        .toList());

        assertThat(slots.stream().flatMap(List::stream))
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 80)
                        .mapToObj(i -> NOW.plus(TENTH.multipliedBy(i)))
                        .toList());
    }

    @Test
    void ofEightWhoReplaceALimitOneWins() throws Exception {
        Limit first = Limit.start(NOW);
        store.putLimit(key, Optional.empty(), first);

        List<Boolean> won = Together.run(
                WRITERS,
                writer -> () -> store.putLimit(
                        key,
                        Optional.of(first),
                        first.withNext(NOW.plusSeconds(writer)).numbered(2)));

        assertThat(won).containsOnlyOnce(true);
    }
}
