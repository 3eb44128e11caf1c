package io.reelbatch.engine;

/** What a state is busy with while its branch waits for it. */
@FunctionalInterface
interface Activity {
    /** Drops it: whatever it started is stopped where it can be, and its answer no longer counts. */
    void cancel();
}
