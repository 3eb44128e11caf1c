package io.reelbatch.engine.jsonata;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Variables in sight. */
class Frame {
    private final @Nullable Frame outer;
    private @Nullable Map<String, @Nullable Object> bindings;

    Frame(@Nullable Frame outer) {
        this.outer = outer;
    }

    /** A frame with the bindings of a tuple. */
    Frame(Frame outer, Map<?, ?> tuple) {
        this.outer = outer;
        tuple.forEach((name, value) -> bind(String.valueOf(name), value));
    }

    final void bind(String name, @Nullable Object value) {
        if (bindings == null) {
            bindings = new HashMap<>();
        }
        bindings.put(name, value);
    }

    @Nullable
    Object lookup(String name) {
        if (bindings != null && bindings.containsKey(name)) {
            return bindings.get(name);
        }
        return outer == null ? null : outer.lookup(name);
    }
}
