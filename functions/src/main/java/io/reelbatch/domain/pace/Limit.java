package io.reelbatch.domain.pace;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The rate at which a model's submits may start, learned from the account's 429s. Immutable; moments are whole
 * microseconds.
 *
 * @param version 1 for a new one, then one more with each {@link PaceStore#putLimit write}, but not with a mere slot
 * @param next the first moment that no submit has for itself
 * @param mode what was learned
 * @param perSecond submits a second: of a start the first rate, of a rate the one that was refused, of a full account the present one
 * @param since from when the rate is counted on: the last cut, later by the time in which nobody waited
 * @param acceptedAt when a submit was last known to be accepted, to about a second
 * @param blockedUntil nothing starts before: the provider's own {@code Retry-After}
 * @param epoch one more with each cut: slots that were given out before it are void
 */
public record Limit(
        long version,
        Instant next,
        Mode mode,
        double perSecond,
        Instant since,
        Instant acceptedAt,
        Instant blockedUntil,
        int epoch) {

    /** What is known about the limit of an account and model. */
    public enum Mode {
        /** Nothing was refused yet; each second in which submits wait doubles the rate. */
        START,
        /** Nothing was refused, up to a rate so high that it needs no limit. */
        FREE,
        /** A rate is known at which submits were refused. */
        RATE,
        /** Refused although hardly anything was sent: it is about how many run at once, and one must end first. */
        FULL
    }

    /** First rate, submits a second: 20 refused ones are what not knowing a limit may cost. */
    static final double START_RATE = 20;

    private static final double FREE_RATE = 640;
    private static final double SLOWEST = 1;
    /** Full accounts whose submits succeed faster than this are slowed down by a rate after all. */
    private static final double FASTEST_FULL = 4;

    private static final double RECOVERED = 0.95;
    private static final Duration RECOVERY = Duration.ofSeconds(3);
    private static final Duration PROBE_EVERY = Duration.ofSeconds(10);
    private static final double PROBE_STEP = 0.02;
    private static final int SMALL_PROBES = 4;
    private static final int MOST_PROBES = 14;
    /** A rate from {@link #SLOWEST} on would have let one through in this time. */
    private static final Duration NOBODY_ACCEPTED = Duration.ofSeconds(2);

    /** A 429 within this time after a cut belongs to the burst that caused the cut. */
    private static final Duration BURST = Duration.ofSeconds(1);

    /** Machines' clocks differ by less; one further ahead was that of a run in which time went faster, or simply wrong. */
    private static final Duration LARGEST_SKEW = Duration.ofSeconds(5);

    public Limit {
        next = next.truncatedTo(ChronoUnit.MICROS);
    }

    /** Before anything was refused. */
    static Limit start(Instant now) {
        return new Limit(1, now, Mode.START, START_RATE, now, now, now, 0);
    }

    /** The same moments by another clock, if the one that wrote them was far ahead. */
    Limit seenAt(Instant now) {
        if (!since.isAfter(now.plus(LARGEST_SKEW))) {
            return this;
        }
        Instant from = mode == Mode.RATE ? now.minus(RECOVERY) : now;
        return new Limit(version, now, mode, perSecond, from, now, now, epoch);
    }

    /** Submits a second at a moment. */
    double rate(Instant now) {
        double elapsed = Math.max(0, Duration.between(since, now).toMillis() / 1000.0);
        return switch (mode) {
            case START -> START_RATE * Math.pow(2, Math.min(20, elapsed));
            case FREE -> Double.POSITIVE_INFINITY;
            case FULL -> perSecond;
            case RATE -> Math.max(SLOWEST, perSecond * share(elapsed));
        };
    }

    /** Half at once, {@link #RECOVERED} after {@link #RECOVERY}, then a little more with each probe that nobody refuses. */
    private static double share(double elapsed) {
        double recovery = RECOVERY.toMillis() / 1000.0;
        if (elapsed < recovery) {
            return 0.5 + (RECOVERED - 0.5) * elapsed / recovery;
        }
        int probes = (int) Math.min(MOST_PROBES, elapsed * 1000 / PROBE_EVERY.toMillis());
        int small = Math.min(SMALL_PROBES, probes);
        double grown = Math.pow(2, Math.max(0, probes - SMALL_PROBES)) * 2 - 2;
        return RECOVERED + PROBE_STEP * (small + grown);
    }

    /** Time between two submits at a moment. */
    Duration interval(Instant now) {
        return Duration.ofNanos((long) (1e9 / rate(now)) / 1000 * 1000);
    }

    /** How far ahead slots are given out: what is further away may have changed by then. */
    @JsonIgnore
    Duration horizon() {
        return Duration.ofSeconds(
                switch (mode) {
                    case START, FREE -> 1;
                    case RATE -> 30;
                    case FULL -> 6;
                });
    }

    /** Whether submits need no slots. */
    @JsonIgnore
    boolean isFree() {
        return mode == Mode.FREE;
    }

    /** Whether it may be taken for free from now on. */
    boolean hasStarted(Instant now) {
        return mode == Mode.START && rate(now) >= FREE_RATE;
    }

    Limit free() {
        return with(next, Mode.FREE, perSecond, since, acceptedAt, blockedUntil, epoch);
    }

    /** The slot {@code now} is taken, for which nobody had to wait: such time is no sign that more would be accepted. */
    Limit takenAtOnce(Instant now) {
        Duration waitedFor = Duration.between(since, next.minus(interval(next)));
        Duration recovering = mode == Mode.RATE ? RECOVERY : Duration.ZERO;
        Duration counted = max(waitedFor, min(recovering, Duration.between(since, now)));
        Instant from = now.minus(max(Duration.ZERO, counted));
        Instant shifted = from.isAfter(since) ? from : since;
        return with(now.plus(interval(now)), mode, perSecond, shifted, acceptedAt, blockedUntil, epoch);
    }

    /**
     * A submit was refused: the first of a burst cuts the rate.
     *
     * @param slotEpoch under which cut its slot was given out; submits without a slot count as before every cut
     */
    Limit refused(Instant now, int slotEpoch, Duration retryAfter) {
        Instant blocked = retryAfter.isZero() ? blockedUntil : later(blockedUntil, now.plus(retryAfter));
        if (slotEpoch != epoch) {
            return blocked.equals(blockedUntil)
                    ? this
                    : with(later(next, blocked), mode, perSecond, since, acceptedAt, blocked, epoch + 1);
        }
        Limit cut = cut(now);
        Instant resumed = later(now.plus(cut.interval(now)), blocked);
        boolean slower = cut.epoch != epoch || !blocked.equals(blockedUntil);
        return cut.with(
                slower ? resumed : next,
                cut.mode,
                cut.perSecond,
                cut.since,
                cut.acceptedAt,
                blocked,
                slower ? epoch + 1 : epoch);
    }

    private Limit cut(Instant now) {
        if (mode == Mode.START || mode == Mode.FREE) {
            double tried = mode == Mode.START ? rate(now) : START_RATE;
            return with(next, Mode.RATE, tried, now, now, blockedUntil, epoch + 1);
        }
        if (mode == Mode.RATE && now.isBefore(since.plus(BURST))) {
            return this;
        }
        boolean nobody = !now.isBefore(acceptedAt.plus(NOBODY_ACCEPTED));
        if (mode == Mode.RATE && nobody) {
            return with(next, Mode.FULL, SLOWEST, now, acceptedAt, blockedUntil, epoch + 1);
        }
        if (mode == Mode.FULL && (nobody || perSecond < FASTEST_FULL)) {
            return with(next, Mode.FULL, Math.max(SLOWEST, perSecond / 4), now, acceptedAt, blockedUntil, epoch);
        }
        return with(next, Mode.RATE, rate(now), now, acceptedAt, blockedUntil, epoch + 1);
    }

    /** A submit was accepted. The same where that is nothing new. */
    Limit accepted(Instant now) {
        return switch (mode) {
            case START, FREE -> this;
            case RATE ->
                now.isAfter(acceptedAt.plusSeconds(1))
                        ? with(next, mode, perSecond, since, now, blockedUntil, epoch)
                        : this;
            case FULL -> with(next, mode, Math.min(START_RATE, perSecond * 1.5), since, now, blockedUntil, epoch);
        };
    }

    private Limit with(
            Instant newNext,
            Mode newMode,
            double newRate,
            Instant newSince,
            Instant newAcceptedAt,
            Instant newBlocked,
            int newEpoch) {
        return new Limit(version, newNext, newMode, newRate, newSince, newAcceptedAt, newBlocked, newEpoch);
    }

    /** The same with another next slot. */
    public Limit withNext(Instant other) {
        return with(other, mode, perSecond, since, acceptedAt, blockedUntil, epoch);
    }

    /** The same under the version that a write gives it. */
    Limit numbered(long newVersion) {
        return new Limit(newVersion, next, mode, perSecond, since, acceptedAt, blockedUntil, epoch);
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private static Duration max(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
