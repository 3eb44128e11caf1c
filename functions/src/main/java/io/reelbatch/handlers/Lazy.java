package io.reelbatch.handlers;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * Creates a value on first use, once, so that a function's init loads no class that its first event may not need.
 * Thread-safe. If creation fails, the next use tries again.
 */
final class Lazy<T> implements Supplier<T> {
    private final Supplier<T> maker;
    private volatile Optional<T> made = Optional.empty();

    Lazy(Supplier<T> maker) {
        this.maker = maker;
    }

    @Override
    public T get() {
        return made.isPresent() ? made.get() : make();
    }

    private synchronized T make() {
        if (made.isEmpty()) {
            made = Optional.of(maker.get());
        }
        return made.get();
    }

    boolean isMade() {
        return made.isPresent();
    }
}
