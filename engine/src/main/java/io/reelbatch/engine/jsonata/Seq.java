package io.reelbatch.engine.jsonata;

import java.util.ArrayList;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** An array with what the language remembers about how it came to be. */
final class Seq extends ArrayList<@Nullable Object> {
    private static final long serialVersionUID = 1L;

    /** It is the result of a query: one element stands for itself, none for nothing. */
    boolean sequence;
    /** One element stays an array all the same. */
    boolean keepSingleton;
    /** It was written as an array, which a path does not take apart. */
    boolean cons;
    /** Its elements are tuples of variable bindings. */
    boolean tupleStream;

    Seq() {}

    Seq(Collection<?> elements) {
        super(elements);
    }

    static Seq sequence() {
        Seq seq = new Seq();
        seq.sequence = true;
        return seq;
    }

    static Seq sequence(@Nullable Object element) {
        Seq seq = sequence();
        seq.add(element);
        return seq;
    }

    static boolean isSequence(@Nullable Object value) {
        return value instanceof Seq seq && seq.sequence;
    }

    static boolean isTupleStream(@Nullable Object value) {
        return value instanceof Seq seq && seq.tupleStream;
    }
}
