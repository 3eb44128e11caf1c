package io.reelbatch.engine;

import java.util.List;
import java.util.stream.Collectors;

/** A definition that Step Functions, or this engine, would refuse to load. Correct every problem it lists. */
public final class InvalidDefinitionException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    InvalidDefinitionException(List<Problem> problems) {
        super("Invalid state machine definition:\n"
                + problems.stream().map(problem -> "  " + problem).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** Everything that is wrong, in the order of the definition. */
    public List<Problem> problems() {
        return problems;
    }
}
