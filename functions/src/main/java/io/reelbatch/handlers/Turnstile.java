package io.reelbatch.handlers;

import io.reelbatch.domain.job.BatchRecord;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.pace.PaceKey;
import io.reelbatch.domain.pace.RateLimiter;
import io.reelbatch.domain.pace.Sleeper;
import io.reelbatch.domain.pace.Turn;
import io.reelbatch.domain.pace.Turn.Slot;
import io.reelbatch.errors.StoreException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;

/**
 * Holds each submit until its slot of the rate limit. Whole seconds are spent in the definition's Wait state and only
 * the rest of the last second here: a Wait state takes no fractions, and submits that all left on the full second would
 * be a burst.
 */
final class Turnstile {
    private static final int YIELD_SECONDS = 2;

    private final Parts parts;
    private final Clock clock;
    private final RateLimiter limiter;
    private final Longest longest;

    Turnstile(Parts parts) {
        this.parts = parts;
        this.clock = parts.clock();
        this.limiter = new RateLimiter(parts.store().pace(), clock, new Random());
        this.longest = new Longest(parts);
    }

    /**
     * A step that may go on to submit, or that waits first.
     *
     * @param step holds the slot it goes by, if there is a limit
     */
    record Passed(boolean now, JobStep step) {}

    /** Returns when it is the job's turn, or tells when to come again. */
    Passed pass(JobStep step, BatchRecord batch, JobRecord job) {
        PaceKey key = key(batch, job);
        Optional<Slot> slot = step.slot().filter(held -> limiter.holds(key, held));
        while (true) {
            if (slot.isEmpty()) {
                Turn turn = limiter.take(key, batch.settings().maxWorkers());
                if (turn instanceof Turn.AskAgain later) {
                    return new Passed(false, step.submitAfter(later.seconds()));
                }
                slot = ((Turn.Start) turn).slot();
                if (slot.isEmpty()) {
                    return new Passed(true, step.inSlot(slot));
                }
            }
            Duration left = Duration.between(clock.instant(), slot.get().start());
            JobStep going = step.inSlot(slot);
            if (left.toSeconds() > 0) {
                return new Passed(false, going.submitIn((int) left.toSeconds()));
            }
            if (left.isNegative() || left.isZero()) {
                boolean yields = slot.get().full() && longest.goesBefore(key.account(), job);
                return yields ? new Passed(false, step.submitAfter(YIELD_SECONDS)) : new Passed(true, going);
            }
            sleep(left);
            slot = slot.filter(held -> limiter.holds(key, held));
        }
    }

    private void sleep(Duration time) {
        try {
            Sleeper.sleep(clock, time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException("interrupted while waiting for a submit's turn", e);
        }
    }

    /** After a 429: the job queues again, behind what the provider asks for. */
    JobStep refused(JobStep step, BatchRecord batch, JobRecord job, Optional<Duration> retryAfter) {
        PaceKey key = key(batch, job);
        limiter.refused(key, step.slot(), retryAfter);
        if (step.slot().map(Slot::full).orElse(false)) {
            longest.refused(key.account(), job);
        }
        Turn turn = limiter.take(key, batch.settings().maxWorkers());
        if (turn instanceof Turn.Start start && start.slot().isPresent()) {
            Slot slot = start.slot().get();
            Duration left = Duration.between(clock.instant(), slot.start());
            return step.inSlot(Optional.of(slot)).submitIn((int) Math.max(0, left.toSeconds()));
        }
        return step.submitAfter(turn instanceof Turn.AskAgain later ? later.seconds() : 1);
    }

    void accepted(JobStep step, BatchRecord batch, JobRecord job) {
        limiter.accepted(key(batch, job), step.slot());
    }

    private PaceKey key(BatchRecord batch, JobRecord job) {
        return PaceKey.of(parts.provider().apply(batch.settings().api()).account(), job.plan());
    }
}
