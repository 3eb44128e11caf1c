package io.reelbatch.engine;

/** Something scheduled that can still be called off. */
@FunctionalInterface
public interface Cancellable {
    /** Calls it off; does nothing if it has run already. */
    void cancel();
}
