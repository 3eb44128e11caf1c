package io.reelbatch.domain.pace;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What all batches of an account have learned about a model: generation times and rate limits. Safe for use by many
 * threads and many machines at once; trouble with the store itself is a {@link io.reelbatch.errors.StoreException}.
 */
public interface PaceStore {
    /** Number of generation times kept for each key. */
    int REMEMBERED = 200;

    /** Remembers how long a generation took, to the millisecond; writers never wait for each other. */
    void remember(PaceKey key, Duration took);

    /** What was remembered last, newest first, at most {@link #REMEMBERED}: strongly consistent. */
    List<Duration> remembered(PaceKey key);

    /** The limit of a model's submits as last written: strongly consistent. */
    Optional<Limit> limit(PaceKey key);

    /**
     * Writes {@code next} if the stored limit has the version and the next slot of {@code before}, or if there is none and
     * {@code before} is empty; false when not. Repeated after its answer was lost, it may be false although it was written.
     */
    boolean putLimit(PaceKey key, Optional<Limit> before, Limit next);

    /**
     * In one atomic step gives out the next slot and moves it on, if the stored limit has that version and the slot lies after
     * {@code after} and not after {@code last}; empty when not. However many ask at once, nobody gets another's slot.
     *
     * @param by time to the slot that follows
     */
    Optional<Instant> advance(PaceKey key, long version, Duration by, Instant after, Instant last);
}
