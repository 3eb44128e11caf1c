package io.reelbatch.engine;

import java.util.List;

/** A parsed, checked definition. */
@SuppressWarnings("DoNotCallSuggester") // not implemented yet
public final class StateMachine {
    private StateMachine() {}

    /**
     * Parses a definition in the JSONata dialect of Amazon States Language.
     *
     * @throws InvalidDefinitionException listing every problem with its JSON path
     */
    public static StateMachine parse(String definition) {
        throw new UnsupportedOperationException(definition);
    }

    /** Every problem of a definition; none if {@link #parse} takes it. */
    public static List<Problem> validate(String definition) {
        throw new UnsupportedOperationException(definition);
    }
}
