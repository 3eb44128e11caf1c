package io.reelbatch.engine.jsonata;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A function as a value. */
sealed interface Callable {
    /** How many arguments it takes, for those who pass it more or fewer. */
    int arity();

    /** Its signature; null if it takes anything. */
    @Nullable
    Signature signature();

    /** A function of an expression, with what it closes over. */
    record Lambda(
            @Nullable Object input,
            Frame environment,
            List<String> parameters,
            @Nullable Signature signature,
            Ast body,
            boolean thunk)
            implements Callable {
        @Override
        public int arity() {
            return parameters.size();
        }
    }

    /** A function written in Java. */
    record Native(
            String name,
            int arity,
            int parameters,
            @Nullable Signature signature,
            Body body) implements Callable {}

    /** What a native function does. */
    @FunctionalInterface
    interface Body {
        /** Its value; missing arguments are null. */
        @Nullable
        Object call(Arguments arguments);
    }

    /** The arguments of a call, and who evaluates. */
    record Arguments(Evaluator evaluator, List<?> values) {
        @Nullable
        Object get(int index) {
            return index < values.size() ? values.get(index) : null;
        }

        @Nullable
        String text(int index) {
            return get(index) instanceof String text ? text : null;
        }

        @Nullable
        Double number(int index) {
            return get(index) instanceof Number number ? number.doubleValue() : null;
        }

        @Nullable
        List<?> list(int index) {
            return get(index) instanceof List<?> list ? list : null;
        }

        Callable function(int index) {
            return (Callable) java.util.Objects.requireNonNull(get(index));
        }

        @Nullable
        Object call(Callable function, @Nullable Object... arguments) {
            return evaluator.apply(function, java.util.Arrays.asList(arguments), null);
        }
    }
}
