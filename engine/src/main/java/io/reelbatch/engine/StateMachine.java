package io.reelbatch.engine;

import io.reelbatch.engine.asl.Definition;
import io.reelbatch.engine.asl.DefinitionParser;
import io.reelbatch.engine.asl.Graph;
import io.reelbatch.engine.asl.JsonPath;
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

    /** A Task with its JSON path in the definition. */
    record LocatedTask(String path, State.Task task) {}

    /** The Tasks of the machine, nested ones included. */
    List<LocatedTask> tasks() {
        List<LocatedTask> tasks = new ArrayList<>();
        collect(definition.graph(), "$", tasks);
        return tasks;
    }

    private static void collect(Graph graph, String path, List<LocatedTask> tasks) {
        for (State state : graph.states().values()) {
            String statePath = JsonPath.child(path + ".States", state.name());
            if (state instanceof State.Task task) {
                tasks.add(new LocatedTask(statePath, task));
            } else if (state instanceof State.Parallel parallel) {
                for (int i = 0; i < parallel.branches().size(); i++) {
                    collect(parallel.branches().get(i), statePath + ".Branches[" + i + "]", tasks);
                }
            } else if (state instanceof State.Map map) {
                collect(map.processor(), statePath + ".ItemProcessor", tasks);
            }
        }
    }
}
