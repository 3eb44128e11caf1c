package io.reelbatch.engine;

/** What a state is busy with while its branch waits for it. */
interface Activity {
    /** Drops it: whatever it started is stopped where it can be, and its answer no longer counts. */
    void cancel();

    /** Drops it because a sibling failed, and records what it was in the middle of. */
    default void abort() {
        cancel();
    }
}
