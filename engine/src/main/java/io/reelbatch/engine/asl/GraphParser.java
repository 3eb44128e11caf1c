package io.reelbatch.engine.asl;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads StartAt and States, and checks how they hang together. */
final class GraphParser {
    private static final int LONGEST_NAME = 80;

    private final Problems problems;
    private final Set<String> namesInMachine;

    GraphParser(Problems problems, Set<String> namesInMachine) {
        this.problems = problems;
        this.namesInMachine = namesInMachine;
    }

    /**
     * A graph.
     *
     * @param outerVariables variables that the graphs around it assign, which it must not assign itself
     */
    Graph graph(Fields fields, Set<String> outerVariables) {
        String startAt = fields.requiredText("StartAt", "the name of the first state");
        JsonNode states = fields.required("States", "the states by name");
        Map<String, State> parsed = new LinkedHashMap<>();
        if (!states.isObject()) {
            if (!states.isNull()) {
                fields.problem("States", "must be an object, not " + states);
            }
            return new Graph(startAt, parsed);
        }
        if (states.isEmpty()) {
            fields.problem("States", "has no state");
        }
        Set<String> variables = new LinkedHashSet<>(outerVariables);
        states.forEach(state -> collectVariables(state, variables));
        StateParser parser = new StateParser(problems, this, outerVariables, variables);
        states.properties().forEach(entry -> {
            String path = JsonPath.child(fields.path("States"), entry.getKey());
            checkName(entry.getKey(), path);
            if (entry.getValue().isObject()) {
                Fields stateFields = new Fields(entry.getValue(), path, "", problems);
                parser.state(entry.getKey(), stateFields).ifPresent(state -> parsed.put(entry.getKey(), state));
            } else {
                problems.add(path, "must be an object, not " + entry.getValue());
            }
        });
        if (parsed.size() == states.size()) {
            new GraphChecker(problems, fields.path("States"), parsed).check(startAt, fields.path("StartAt"));
        }
        return new Graph(startAt, parsed);
    }

    private void checkName(String name, String path) {
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            problems.add(path, "A state's name has 1 to " + LONGEST_NAME + " characters, this one " + name.length());
        }
        if (!namesInMachine.add(name)) {
            problems.add(path, "Another state of this machine is named '" + name + "' already");
        }
    }

    private static void collectVariables(JsonNode state, Set<String> variables) {
        state.path("Assign").fieldNames().forEachRemaining(variables::add);
        for (String list : List.of("Choices", "Catch")) {
            state.path(list).forEach(rule -> rule.path("Assign").fieldNames().forEachRemaining(variables::add));
        }
    }

    /** Checks that every transition has a target, every state is reached, and an end can be. */
    private record GraphChecker(Problems problems, String path, Map<String, State> states) {
        void check(String startAt, String startPath) {
            if (!states.containsKey(startAt)) {
                if (!startAt.isEmpty()) {
                    problems.add(startPath, "names the state '" + startAt + "', which is not among States");
                }
                return;
            }
            Set<String> reached = new LinkedHashSet<>(List.of(startAt));
            Deque<String> open = new ArrayDeque<>(reached);
            boolean ends = false;
            while (!open.isEmpty()) {
                String name = open.remove();
                State state = states.get(name);
                if (state == null) {
                    continue;
                }
                for (Step step : steps(state)) {
                    ends |= step.target.isEmpty();
                    step.target.ifPresent(target -> {
                        if (states.containsKey(target) && reached.add(target)) {
                            open.add(target);
                        }
                    });
                }
            }
            states.forEach((name, state) -> checkTargets(name, state, reached));
            if (!ends && targetsExist()) {
                problems.add(path, "There is no way to a state that ends: to Succeed, Fail, or \"End\": true");
            }
        }

        private void checkTargets(String name, State state, Set<String> reached) {
            String statePath = JsonPath.child(path, name);
            for (Step step : steps(state)) {
                step.target
                        .filter(target -> !target.isEmpty() && !states.containsKey(target))
                        .ifPresent(target -> problems.add(
                                statePath + step.field, "names the state '" + target + "', which is not among States"));
            }
            if (!reached.contains(name)) {
                problems.add(statePath, "No transition leads to this state");
            }
        }

        private boolean targetsExist() {
            return states.values().stream()
                    .flatMap(state -> steps(state).stream())
                    .allMatch(step -> step.target.map(states::containsKey).orElse(true));
        }

        private static List<Step> steps(State state) {
            List<Step> steps = new ArrayList<>();
            if (state instanceof State.Choice choice) {
                for (int i = 0; i < choice.rules().size(); i++) {
                    steps.add(new Step(
                            ".Choices[" + i + "].Next",
                            choice.rules().get(i).outcome().next()));
                }
                choice.defaultState().ifPresent(target -> steps.add(new Step(".Default", Optional.of(target))));
            } else {
                steps.add(new Step(".Next", next(state)));
            }
            List<Recovery.Catcher> catchers =
                    recovery(state).map(Recovery::catchers).orElse(List.of());
            for (int i = 0; i < catchers.size(); i++) {
                steps.add(new Step(
                        ".Catch[" + i + "].Next", catchers.get(i).outcome().next()));
            }
            return steps;
        }

        private static Optional<String> next(State state) {
            if (state instanceof State.Pass pass) {
                return pass.outcome().next();
            } else if (state instanceof State.Task task) {
                return task.outcome().next();
            } else if (state instanceof State.Wait wait) {
                return wait.outcome().next();
            } else if (state instanceof State.Parallel parallel) {
                return parallel.outcome().next();
            } else if (state instanceof State.Map map) {
                return map.outcome().next();
            }
            return Optional.empty();
        }

        private static Optional<Recovery> recovery(State state) {
            if (state instanceof State.Task task) {
                return Optional.of(task.recovery());
            } else if (state instanceof State.Parallel parallel) {
                return Optional.of(parallel.recovery());
            } else if (state instanceof State.Map map) {
                return Optional.of(map.recovery());
            }
            return Optional.empty();
        }

        private record Step(String field, Optional<String> target) {}
    }
}
