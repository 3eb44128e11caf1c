package io.reelbatch.engine;

import static io.reelbatch.engine.Lab.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random definitions of Pass, Choice, Task, Map and Parallel end the same in whatever order their branches move. */
class InterleavingTest {
    private static final int DEFINITIONS = 60;
    private static final int ORDERS = 12;

    static java.util.stream.IntStream seeds() {
        return java.util.stream.IntStream.range(0, DEFINITIONS);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aDefinitionEndsTheSameUnderEveryOrder(int seed) {
        StateMachine machine = StateMachine.parse(new Definitions(new Random(seed)).machine());
        Set<ExecutionResult> results = new HashSet<>();

        for (int order = 0; order < ORDERS; order++) {
            results.add(run(machine, new Random(order)));
        }

        assertThat(results).hasSize(1);
    }

    private static ExecutionResult run(StateMachine machine, Random order) {
        VirtualScheduler time = new VirtualScheduler();
        Engine engine = Engine.builder()
                .scheduler(time)
                .task("arn:aws:states:::example:work", request -> {
                    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
                    Cancellable unused = time.schedule(
                            Duration.ofMillis(order.nextInt(1000)), () -> answer.complete(request.arguments()));
                    return answer;
                })
                .strands(() -> new ShuffledStrand(order))
                .build();
        return time.await(engine.start(machine, "test", json("{'n': 1, 'list': [3, 1, 2]}"))
                .result());
    }

    /** Runs any of the steps that wait. */
    private static final class ShuffledStrand extends Strand {
        private final Random random;

        ShuffledStrand(Random random) {
            this.random = random;
        }

        @Override
        @Nullable
        Runnable take(Deque<Runnable> waiting) {
            List<Runnable> steps = new ArrayList<>(waiting);
            if (steps.isEmpty()) {
                return null;
            }
            Runnable step = steps.get(random.nextInt(steps.size()));
            waiting.removeFirstOccurrence(step);
            return step;
        }
    }

    /** Definitions by chance. */
    private static final class Definitions {
        private final Random random;
        private int names;

        Definitions(Random random) {
            this.random = random;
        }

        String machine() {
            return "{\"QueryLanguage\": \"JSONata\"," + graph(0) + "}";
        }

        private String graph(int depth) {
            int length = 1 + random.nextInt(4);
            List<String> chain = new ArrayList<>();
            for (int i = 0; i < length; i++) {
                chain.add("S" + names++);
            }
            StringBuilder states = new StringBuilder("\"StartAt\": \"" + chain.get(0) + "\", \"States\": {");
            for (int i = 0; i < length; i++) {
                String next = i + 1 < length ? "\"Next\": \"" + chain.get(i + 1) + "\"" : "\"End\": true";
                states.append(i == 0 ? "" : ",")
                        .append(state(chain.get(i), next, i + 1 < length ? chain.get(i + 1) : "", depth));
            }
            return states.append("}").toString();
        }

        private String state(String name, String next, String follower, int depth) {
            int kind = random.nextInt(depth < 3 ? 6 : 3);
            String quoted = "\"" + name + "\": ";
            String number = "$states.input.n + " + random.nextInt(5);
            return switch (kind) {
                case 0 ->
                    quoted + "{\"Type\": \"Pass\", \"Assign\": {\"v" + name
                            + "\": \"{% $states.input %}\"}, \"Output\": " + "{\"n\": \"{% " + number
                            + " %}\", \"list\": [2, 1]}, " + next + "}";
                case 1 ->
                    quoted + "{\"Type\": \"Task\", \"Resource\": \"arn:aws:states:::example:work\", \"Arguments\": "
                            + "{\"n\": \"{% " + number + " %}\", \"list\": [1, 2, 3]}, " + next + "}";
                case 2 ->
                    follower.isEmpty()
                            ? quoted + "{\"Type\": \"Succeed\"}"
                            : quoted
                                    + "{\"Type\": \"Choice\", \"Choices\": [{\"Condition\": \"{% $states.input.n % 2 = 0 %}\", \"Next\": \""
                                    + follower + "\"}], \"Default\": \"" + follower
                                    + "\", \"Output\": {\"n\": 7, \"list\": []}}";
                case 3 ->
                    quoted
                            + "{\"Type\": \"Map\", \"Items\": \"{% [1..$count($states.input.list)] %}\", \"MaxConcurrency\": "
                            + random.nextInt(3)
                            + ", \"ItemSelector\": {\"n\": \"{% $states.context.Map.Item.Value %}\", \"list\": [1]},"
                            + " \"ItemProcessor\": {" + graph(depth + 1)
                            + "}, \"Output\": {\"n\": \"{% $count($states.result) %}\","
                            + " \"list\": \"{% $states.result %}\"}, " + next + "}";
                case 4 ->
                    quoted + "{\"Type\": \"Parallel\", \"Branches\": [{" + graph(depth + 1) + "}, {" + graph(depth + 1)
                            + "}], \"Output\": {\"n\": 2, \"list\": \"{% $states.result %}\"}, " + next + "}";
                default ->
                    quoted + "{\"Type\": \"Map\", \"Items\": [1, 2], \"Label\": \"" + name
                            + "\", \"ItemSelector\": {\"n\":"
                            + " \"{% $states.context.Map.Item.Index %}\", \"list\": [1]}, \"ItemProcessor\": {\"ProcessorConfig\": {\"Mode\":"
                            + " \"DISTRIBUTED\", \"ExecutionType\": \"STANDARD\"}, " + graph(depth + 1)
                            + "}, \"Output\": {\"n\": 3, \"list\":"
                            + " \"{% $states.result %}\"}, " + next + "}";
            };
        }
    }
}
