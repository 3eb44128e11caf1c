package io.reelbatch.domain.pace;

import java.time.Duration;
import java.util.List;

/**
 * What all batches of an account share about a model's pace. Safe for use by many threads and many machines at once; trouble
 * with the store itself is a {@link io.reelbatch.errors.StoreException}.
 */
public interface PaceStore {
    /** How many completions are remembered of each key. */
    int REMEMBERED = 200;

    /** Remembers how long a generation took, to the millisecond; writers never wait for each other. */
    void remember(PaceKey key, Duration took);

    /** What was remembered last, newest first, at most {@link #REMEMBERED}: strongly consistent. */
    List<Duration> remembered(PaceKey key);
}
