package io.reelbatch.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/** A virtual clock, an engine on it, and the histories it leaves: what every test of a definition needs. */
final class Lab {
    static final ObjectMapper MAPPER = new ObjectMapper();

    final VirtualScheduler time = new VirtualScheduler();
    final List<ExecutionHistory> histories = new ArrayList<>();
    final MemoryObjects objects = new MemoryObjects();
    final Engine.Builder builder = Engine.builder()
            .scheduler(time)
            .random(new Random(7))
            .objects(objects)
            .history(histories::add);

    /** JSON with single quotes for double ones, and backticks for single ones. */
    static JsonNode json(String text) {
        try {
            return MAPPER.readTree(quoted(text));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private static String quoted(String text) {
        return text.replace('\'', '"').replace('`', '\'');
    }

    /** A JSONata machine of these states, in single quotes; it starts at the first one, named Start. */
    static StateMachine machine(String states) {
        return StateMachine.parse(definition(states));
    }

    static String definition(String states) {
        return quoted("{'QueryLanguage': 'JSONata', 'StartAt': 'Start', 'States': {" + states + "}}");
    }

    Lab lambda(String name, LambdaFunction function) {
        builder.lambda(name, function);
        return this;
    }

    ExecutionResult run(String states, String input) {
        return run(machine(states), input);
    }

    ExecutionResult run(StateMachine machine, String input) {
        return time.await(start(machine, input).result());
    }

    Execution start(StateMachine machine, String input) {
        return builder.build().start(machine, "test", json(input));
    }

    /** The output of an execution that must succeed. */
    JsonNode output(String states, String input) {
        ExecutionResult result = run(states, input);
        return result.output().orElseThrow(() -> new AssertionError("it ended " + result));
    }

    /** The event types of the last execution that finished. */
    List<String> lastEvents() {
        return histories.get(histories.size() - 1).events().stream()
                .map(HistoryEvent::type)
                .collect(Collectors.toList());
    }

    /** The names of the states that the last execution entered, in order. */
    List<String> lastStates() {
        return histories.get(histories.size() - 1).events().stream()
                .filter(event -> event.details().has("stateEnteredEventDetails"))
                .map(event ->
                        event.details().at("/stateEnteredEventDetails/name").asText())
                .collect(Collectors.toList());
    }
}
