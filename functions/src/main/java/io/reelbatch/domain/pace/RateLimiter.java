package io.reelbatch.domain.pace;

import io.reelbatch.domain.pace.Turn.Slot;
import io.reelbatch.errors.StoreException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/**
 * Spreads the submits of all batches, executions and machines of an account over time, a model at a time. A model
 * without a limit costs one read every ten seconds.
 */
public final class RateLimiter {
    private static final Duration FRESH = Duration.ofSeconds(10);
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofHours(1);
    /** So many jobs at once overrun no provider by more submits than a start would. */
    private static final int FEW = 10;

    private static final int MAX_CONFLICTS = 100;
    private static final int MOST_KEPT = 1000;

    private final PaceStore store;
    private final Clock clock;
    private final RandomGenerator random;
    /** When the store was last seen to hold no limit for a model. */
    private final Map<PaceKey, Instant> unlimited = new ConcurrentHashMap<>();
    /** When an accepted submit was last recorded for a model. */
    private final Map<PaceKey, Instant> told = new ConcurrentHashMap<>();

    /** @param random spreads those that are to ask again */
    public RateLimiter(PaceStore store, Clock clock, RandomGenerator random) {
        this.store = store;
        this.clock = clock;
        this.random = random;
    }

    /**
     * The next start that nobody else has.
     *
     * @param workers how many jobs the batch has under way at once
     */
    public Turn take(PaceKey key, int workers) {
        Instant checked = unlimited.get(key);
        if (checked != null && clock.instant().isBefore(checked.plus(FRESH))) {
            return new Turn.Start(Optional.empty());
        }
        for (int conflict = 0; conflict < MAX_CONFLICTS; conflict++) {
            Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
            Optional<Limit> stored = store.limit(key);
            if (stored.isEmpty() && workers <= FEW) {
                return unlimited(key, now);
            }
            Optional<Turn> turn = take(key, stored, now);
            if (turn.isPresent()) {
                return turn.get();
            }
        }
        throw contended(key);
    }

    private Turn unlimited(PaceKey key, Instant now) {
        if (unlimited.size() >= MOST_KEPT) {
            unlimited.clear();
        }
        unlimited.put(key, now);
        return new Turn.Start(Optional.empty());
    }

    /** Empty when somebody else was faster. */
    private Optional<Turn> take(PaceKey key, Optional<Limit> stored, Instant now) {
        Limit limit = stored.map(known -> known.seenAt(now)).orElseGet(() -> Limit.start(now));
        if (limit.isFree()) {
            return Optional.of(unlimited(key, now));
        }
        if (limit.hasStarted(now)) {
            return put(key, stored, limit.free()) ? Optional.of(unlimited(key, now)) : Optional.empty();
        }
        if (!limit.next().isAfter(now)) {
            boolean taken = put(key, stored, limit.takenAtOnce(now));
            return taken ? Optional.of(start(now, limit)) : Optional.empty();
        }
        Instant last = now.plus(limit.horizon());
        if (limit.next().isAfter(last)) {
            long seconds = limit.horizon().toSeconds();
            return Optional.of(new Turn.AskAgain((int) (seconds - random.nextLong(seconds * 2 / 3 + 1))));
        }
        // The rate of then, not of now: what is given out while it recovers must not keep its slow pace.
        return store.advance(key, limit.version(), limit.interval(limit.next()), now, last)
                .map(slot -> start(slot, limit));
    }

    private static Turn start(Instant moment, Limit limit) {
        return new Turn.Start(Optional.of(new Slot(moment, limit.epoch(), limit.mode() == Limit.Mode.FULL)));
    }

    /** Whether a slot that was given out some time ago is still good: not if the rate was cut since. */
    public boolean holds(PaceKey key, Slot slot) {
        return store.limit(key).map(limit -> limit.epoch() == slot.epoch()).orElse(true);
    }

    /**
     * The provider answered 429.
     *
     * @param slot what the submit started by
     * @param retryAfter what the provider asks for; goes before everything that was learned, up to an hour
     */
    public void refused(PaceKey key, Optional<Slot> slot, Optional<Duration> retryAfter) {
        unlimited.remove(key);
        Duration asked = retryAfter
                .map(time -> time.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : time)
                .orElse(Duration.ZERO);
        change(key, true, limit -> {
            // Where there was no limit, nobody had a slot: the first refusal is the one that makes it.
            int epoch = slot.map(Slot::epoch).orElse(limit.isFree() || limit.version() == 0 ? limit.epoch() : -1);
            return limit.refused(clock.instant(), epoch, asked);
        });
    }

    /** The provider accepted a submit. */
    public void accepted(PaceKey key, Optional<Slot> slot) {
        Instant now = clock.instant();
        Instant before = told.get(key);
        boolean lately = before != null && now.isBefore(before.plusMillis(500));
        if (slot.isPresent() && !lately) {
            if (told.size() >= MOST_KEPT) {
                told.clear();
            }
            told.put(key, now);
            change(key, false, limit -> limit.accepted(clock.instant()));
        }
    }

    private void change(PaceKey key, boolean make, UnaryOperator<Limit> change) {
        for (int conflict = 0; conflict < MAX_CONFLICTS; conflict++) {
            Instant now = clock.instant();
            Optional<Limit> stored = store.limit(key);
            if (stored.isEmpty() && !make) {
                return;
            }
            Limit limit = stored.map(known -> known.seenAt(now))
                    .orElseGet(() -> Limit.start(now).free().numbered(0));
            Limit next = change.apply(limit);
            if (next.equals(limit) || put(key, stored, next)) {
                return;
            }
        }
        throw contended(key);
    }

    private boolean put(PaceKey key, Optional<Limit> before, Limit next) {
        return store.putLimit(
                key, before, next.numbered(before.map(Limit::version).orElse(0L) + 1));
    }

    private static StoreException contended(PaceKey key) {
        return new StoreException(
                "the rate limit of " + key.model() + " changed " + MAX_CONFLICTS + " times while it was being written");
    }
}
