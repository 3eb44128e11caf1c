package io.reelbatch.engine.asl;

import java.util.Map;

/**
 * States and where they start: a whole machine, a branch of a Parallel, or the processor of a Map.
 *
 * @param startAt the name of the first state
 * @param states the states by name, in the order of the definition
 */
public record Graph(String startAt, Map<String, State> states) {
    /** The state of that name, which {@link DefinitionParser} has made sure exists. */
    public State state(String name) {
        State state = states.get(name);
        if (state == null) {
            throw new IllegalStateException("no state named " + name);
        }
        return state;
    }
}
