package io.reelbatch.domain.pace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.reelbatch.domain.pace.Turn.Slot;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The limiter against a model of a store, on machines whose clocks differ. */
class RateLimiterTest {
    private static final PaceKey KEY = new PaceKey("account", "model", "image");
    private static final int MANY = 200;

    private Instant now = Instant.parse("2026-11-23T10:00:00Z");
    private final Model store = new Model();
    private final RateLimiter limiter = machine(Duration.ZERO);

    /** One map; what it answers can be lost. */
    private static final class Model implements PaceStore {
        private final Map<PaceKey, Limit> limits = new HashMap<>();

        @Override
        public void remember(PaceKey key, Duration took) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<Duration> remembered(PaceKey key) {
            return List.of();
        }

        @Override
        public Optional<Limit> limit(PaceKey key) {
            return Optional.ofNullable(limits.get(key));
        }

        @Override
        public boolean putLimit(PaceKey key, Optional<Limit> before, Limit next) {
            boolean same = limit(key).equals(before);
            if (same) {
                limits.put(key, next);
            }
            return same;
        }

        @Override
        public Optional<Instant> advance(PaceKey key, long version, Duration by, Instant after, Instant last) {
            Optional<Limit> found = limit(key)
                    .filter(limit -> limit.version() == version)
                    .filter(limit ->
                            limit.next().isAfter(after) && !limit.next().isAfter(last));
            found.ifPresent(limit -> limits.put(key, limit.withNext(limit.next().plus(by))));
            return found.map(Limit::next);
        }
    }

    private RateLimiter machine(Duration skew) {
        Clock clock = new Clock() {
            @Override
            public Instant instant() {
                return now.plus(skew);
            }

            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                throw new UnsupportedOperationException();
            }
        };
        return new RateLimiter(store, clock, new Random(1));
    }

    private void pass(double seconds) {
        now = now.plusNanos((long) (seconds * 1e9));
    }

    private static Optional<Slot> slot(Turn turn) {
        return ((Turn.Start) turn).slot();
    }

    private Slot take() {
        return slot(limiter.take(KEY, MANY)).orElseThrow();
    }

    private double rate() {
        return store.limit(KEY).orElseThrow().rate(now);
    }

    @Test
    void aFewWorkersAreNotLimitedBeforeSomethingWasRefused() {
        for (int i = 0; i < 100; i++) {
            assertThat(slot(limiter.take(KEY, 10))).isEmpty();
        }
        assertThat(store.limits).as("nothing is written").isEmpty();
    }

    @Test
    void manyWorkersStartWithTwentyASecondAndTwiceAsManyEachSecond() {
        Instant begin = now;
        List<Instant> slots = new ArrayList<>();
        while (slots.size() < 130) {
            if (limiter.take(KEY, MANY) instanceof Turn.Start start) {
                slots.add(start.slot().orElseThrow().start());
            } else {
                pass(1);
            }
        }

        assertThat(slots).isSorted().doesNotHaveDuplicates();
        assertThat(slots.stream().filter(slot -> slot.isBefore(begin.plusSeconds(1))))
                .hasSizeBetween(20, 32);
        assertThat(slots.get(129)).isBefore(begin.plusSeconds(4));
    }

    @Test
    void aBurstOfRefusalsHalvesTheRateOnce() {
        List<Slot> slots = List.of(take(), take(), take());
        pass(0.15);
        double before = rate();

        slots.forEach(slot -> limiter.refused(KEY, Optional.of(slot), Optional.empty()));

        assertThat(rate()).isCloseTo(before / 2, within(0.01));
        assertThat(slots).noneMatch(slot -> limiter.holds(KEY, slot));
    }

    @Test
    void withinThreeSecondsTheRateIsBackAt95PercentAndEveryTenSecondsALittleMoreIsTried() {
        limiter.refused(KEY, Optional.of(take()), Optional.empty());
        double refused = store.limit(KEY).orElseThrow().perSecond();

        pass(3);
        assertThat(rate()).isCloseTo(0.95 * refused, within(0.01));
        pass(6.9);
        assertThat(rate()).isCloseTo(0.95 * refused, within(0.01));
        pass(0.2);
        assertThat(rate()).isCloseTo(0.97 * refused, within(0.01));
        pass(30);
        assertThat(rate()).isCloseTo(1.03 * refused, within(0.01));
        pass(20);
        assertThat(rate()).as("faster, the longer nobody refuses").isCloseTo(1.15 * refused, within(0.01));
    }

    @Test
    void whatIsGivenOutWhileTheRateRecoversIsSpacedByTheRateOfThen() {
        limiter.refused(KEY, Optional.of(take()), Optional.empty());
        double refused = store.limit(KEY).orElseThrow().perSecond();

        long inFiveSeconds = 0;
        for (Slot slot = take(); slot.start().isBefore(now.plusSeconds(5)); slot = take()) {
            inFiveSeconds++;
        }

        // 3 s at 0.725 on average, 2 s at 0.95.
        assertThat((double) inFiveSeconds).isCloseTo(refused * (3 * 0.725 + 2 * 0.95), within(2.0));
    }

    @Test
    void theRateIsRememberedWhileNobodySubmits() {
        limiter.refused(KEY, Optional.of(take()), Optional.empty());
        double refused = store.limit(KEY).orElseThrow().perSecond();
        pass(5);
        take();

        pass(24 * 3600);
        take();
        take();

        assertThat(rate()).as("an idle day proves nothing").isCloseTo(0.95 * refused, within(0.01));
    }

    @Test
    void aRetryAfterGoesBeforeEverything() {
        limiter.refused(KEY, Optional.of(take()), Optional.of(Duration.ofSeconds(20)));

        assertThat(take().start()).isAfterOrEqualTo(now.plusSeconds(20));
        pass(19.9);
        assertThat(take().start()).isAfterOrEqualTo(now.plusMillis(100));
    }

    @Test
    void whereNothingIsAcceptedForTwoSecondsItIsNotAboutTheRate() {
        for (int i = 0; i < 40; i++) {
            Slot slot = take();
            pass(Math.max(0, Duration.between(now, slot.start()).toMillis() / 1000.0));
            limiter.refused(KEY, Optional.of(slot), Optional.empty());
        }
        assertThat(store.limit(KEY).orElseThrow().mode()).isEqualTo(Limit.Mode.FULL);
        assertThat(rate()).as("one try a second").isEqualTo(1);

        limiter.accepted(KEY, Optional.of(take()));

        assertThat(rate()).isEqualTo(1.5);
    }

    @Test
    void machinesWhoseClocksDifferGetDifferentSlots() {
        limiter.refused(KEY, Optional.of(take()), Optional.empty());
        List<RateLimiter> machines =
                List.of(machine(Duration.ofSeconds(-2)), limiter, machine(Duration.ofMillis(1500)));
        List<Instant> slots = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            Turn turn = machines.get(i % 3).take(KEY, MANY);
            if (turn instanceof Turn.Start start) {
                slots.add(start.slot().orElseThrow().start());
            }
            pass(0.07);
        }

        assertThat(slots).hasSizeGreaterThan(200).doesNotHaveDuplicates();
        assertThat(slots)
                .as("nobody waits longer than the clocks differ, and the queue")
                .allMatch(slot -> slot.isBefore(now.plusSeconds(40)));
    }

    @Test
    void aClockThatWasHoursAheadBlocksNobody() {
        RateLimiter ahead = machine(Duration.ofHours(5));
        Slot slot = slot(ahead.take(KEY, MANY)).orElseThrow();
        ahead.refused(KEY, Optional.of(slot), Optional.of(Duration.ofMinutes(30)));

        assertThat(take().start()).isBeforeOrEqualTo(now.plusSeconds(1));
    }

    @Test
    void slotsThatAreNeverUsedCostTheirTimeOnly() {
        limiter.refused(KEY, Optional.of(take()), Optional.empty());
        for (int i = 0; i < 50; i++) {
            take(); // and the machine dies
        }

        pass(30);

        assertThat(take().start()).isEqualTo(now);
    }

    @Test
    void whoComesTooEarlyAsksAgainBeforeTheQueueIsEmpty() {
        limiter.refused(KEY, Optional.of(take()), Optional.empty());
        Turn turn = limiter.take(KEY, MANY);
        while (turn instanceof Turn.Start) {
            turn = limiter.take(KEY, MANY);
        }

        assertThat(((Turn.AskAgain) turn).seconds()).isBetween(10, 30);
    }
}
