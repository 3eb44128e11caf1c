package io.reelbatch.engine;

import io.reelbatch.engine.asl.Definition;
import io.reelbatch.engine.asl.DefinitionParser;
import io.reelbatch.engine.asl.Graph;
import io.reelbatch.engine.asl.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A parsed, checked definition. It does not change, and any number of executions can run it. */
public final class StateMachine {
    private final Definition definition;

    private StateMachine(Definition definition) {
        this.definition = definition;
    }

    /**
     * Parses a definition in the JSONata dialect of Amazon States Language.
     *
     * @throws InvalidDefinitionException listing every problem with its JSON path
     */
    public static StateMachine parse(String definition) {
        List<Problem> problems = new ArrayList<>();
        Optional<Definition> parsed =
                DefinitionParser.parse(definition, (path, message) -> problems.add(new Problem(path, message)));
        if (parsed.isEmpty() || !problems.isEmpty()) {
            throw new InvalidDefinitionException(problems);
        }
        return new StateMachine(parsed.get());
    }

    /** Every problem of a definition; none if {@link #parse} takes it. */
    public static List<Problem> validate(String definition) {
        List<Problem> problems = new ArrayList<>();
        DefinitionParser.parse(definition, (path, message) -> problems.add(new Problem(path, message)));
        return List.copyOf(problems);
    }

    Definition definition() {
        return definition;
    }

    /** The Tasks of the machine, nested ones included. */
    List<State.Task> tasks() {
        List<State.Task> tasks = new ArrayList<>();
        collect(definition.graph(), tasks);
        return tasks;
    }

    private static void collect(Graph graph, List<State.Task> tasks) {
        for (State state : graph.states().values()) {
            if (state instanceof State.Task task) {
                tasks.add(task);
            } else if (state instanceof State.Parallel parallel) {
                parallel.branches().forEach(branch -> collect(branch, tasks));
            } else if (state instanceof State.Map map) {
                collect(map.processor(), tasks);
            }
        }
    }
}
