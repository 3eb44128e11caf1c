package io.reelbatch.handlers;

import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.store.Fact;
import io.reelbatch.domain.store.FactKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Lets long jobs go first when the provider limits how many run at once. Without this, any job could take a place that
 * becomes free, and the batch would end up waiting for a long job that started last.
 */
final class Longest {
    private static final Duration HOLDS = Duration.ofSeconds(5);
    /** A stream of long jobs must not keep short ones off for good. */
    private static final Duration MOST_PATIENCE = Duration.ofMinutes(10);

    private static final double MUCH = 1.5;

    private final Parts parts;
    private final Clock clock;

    Longest(Parts parts) {
        this.parts = parts;
        this.clock = parts.clock();
    }

    /**
     * The longest job that was refused lately.
     *
     * @param expected its generation time
     * @param until after this it has either been accepted or said so again
     */
    record Waiting(Duration expected, Instant until) {}

    /** Remembers that a job was refused a place. */
    void refused(String account, JobRecord job) {
        Instant now = clock.instant();
        FactKey key = key(account);
        Waiting own = new Waiting(job.plan().expected(), now.plus(HOLDS));
        Optional<Fact> known = parts.store().fact(key);
        boolean another = known.map(fact -> fact.as(Waiting.class))
                .filter(waiting -> isWaiting(waiting, now) && waiting.expected().compareTo(own.expected()) > 0)
                .isPresent();
        if (!another) {
            Optional<Instant> expires = Optional.of(own.until());
            // Whoever was faster is waiting as well.
            parts.store()
                    .putFact(known.map(fact -> fact.next(own, expires)).orElseGet(() -> Fact.first(key, own, expires)));
        }
    }

    /** Whether a much longer job waits for the next place. */
    boolean goesBefore(String account, JobRecord job) {
        Instant now = clock.instant();
        boolean patient = job.queuedSince()
                .map(since -> now.isBefore(since.plus(MOST_PATIENCE)))
                .orElse(true);
        return patient
                && parts.store()
                        .fact(key(account))
                        .map(fact -> fact.as(Waiting.class))
                        .filter(waiting -> isWaiting(waiting, now))
                        .map(waiting -> waiting.expected().toMillis()
                                > MUCH * job.plan().expected().toMillis())
                        .orElse(false);
    }

    /** A moment far ahead is of a clock that ran faster. */
    private static boolean isWaiting(Waiting waiting, Instant now) {
        return now.isBefore(waiting.until()) && waiting.until().isBefore(now.plus(HOLDS.multipliedBy(2)));
    }

    private static FactKey key(String account) {
        return FactKey.ofAccount("waiting/" + account);
    }
}
