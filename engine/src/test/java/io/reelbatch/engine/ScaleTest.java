package io.reelbatch.engine;

import static io.reelbatch.engine.Lab.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many at once, and many after each other. Benchmarks measure the same more closely; these only hold the line. */
class ScaleTest {
    @Test
    void tenThousandWaitingExecutionsHoldOneThreadTogether() {
        try (SystemScheduler real = Scheduler.realTime();
                Engine engine = Engine.builder().scheduler(real).build()) {
            StateMachine machine = Lab.machine("'Start': {'Type': 'Wait', 'Seconds': 3600, 'End': true}");
            int before = Thread.activeCount();
            List<Execution> executions = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                executions.add(engine.start(machine, "run-" + i, json("{}")));
            }

            assertThat(Thread.activeCount()).isLessThanOrEqualTo(before + 1);
            executions.forEach(execution -> execution.stop("", ""));
            executions.forEach(execution -> assertThat(execution.result()).isDone());
        }
    }

    @Test
    @Timeout(60)
    void aHundredThousandItemsAreDoneWithinAMinute() {
        MemoryObjects objects = new MemoryObjects();
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 100_000; i++) {
            lines.append("{\"id\": ").append(i).append("}\n");
        }
        objects.put("b", "items.jsonl", lines.toString());
        AtomicInteger finished = new AtomicInteger();
        VirtualScheduler time = new VirtualScheduler();
        Engine engine = Engine.builder()
                .scheduler(time)
                .objects(objects)
                .lambda("work", (payload, invocation) -> payload)
                .history(history -> finished.incrementAndGet())
                .build();

        Execution execution = engine.start(Lab.machine("""
                        'Start': {'Type': 'Map', 'Label': 'Items',
                          'ItemReader': {'Resource': 'arn:aws:states:::s3:getObject', 'ReaderConfig': {'InputType': 'JSONL'},
                                         'Arguments': {'Bucket': 'b', 'Key': 'items.jsonl'}},
                          'ItemSelector': {'item': '{% $states.context.Map.Item.Value.id %}'},
                          'ItemProcessor': {'ProcessorConfig': {'Mode': 'DISTRIBUTED', 'ExecutionType': 'STANDARD'},
                            'StartAt': 'Work', 'States': {'Work': {'Type': 'Task', 'Resource': 'arn:aws:states:::lambda:invoke',
                              'Arguments': {'FunctionName': 'work', 'Payload': '{% $states.input %}'}, 'Output': {}, 'End': true}}},
                          'ResultWriter': {'Resource': 'arn:aws:states:::s3:putObject', 'Arguments': {'Bucket': 'b', 'Prefix': 'out'},
                                           'WriterConfig': {'Transformation': 'COMPACT', 'OutputType': 'JSONL'}},
                          'End': true}
                        """), "test", json("{}"));

        assertThat(time.await(execution.result()).status()).isEqualTo(ExecutionResult.Status.SUCCEEDED);
        assertThat(finished).hasValue(100_001);
    }

    @Test
    void aLongSequenceOfStatesDoesNotDeepenTheStack() {
        StringBuilder states = new StringBuilder("'Start': {'Type': 'Pass', 'Next': 'S0'}");
        for (int i = 0; i < 5_000; i++) {
            states.append(", 'S")
                    .append(i)
                    .append("': {'Type': 'Pass', 'Next': 'S")
                    .append(i + 1)
                    .append("'}");
        }
        states.append(", 'S5000': {'Type': 'Succeed'}");

        assertThat(new Lab().run(states.toString(), "{}").transitions()).isEqualTo(5_002);
    }

    @Test
    void anExpressionCannotRunForever() {
        Lab lab = new Lab();
        long start = System.nanoTime();

        ExecutionResult result = lab.run(
                "'Start': {'Type': 'Pass', 'Output': '{% ($f := function($x) { $f($x + 1) }; $f(1)) %}', 'End': true}",
                "{}");

        assertThat(result.error()).contains("States.QueryEvaluationError");
        assertThat(result.cause().orElse("")).contains("Expression evaluation timeout: Check for infinite loop");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
    }

    @Test
    void anExpressionCannotNestTooDeeplyOrGrowTooLarge() {
        JsonNode output = new Lab().output("""
                        'Start': {'Type': 'Parallel', 'Branches': [
                          {'StartAt': 'Deep', 'States': {'Deep': {'Type': 'Parallel', 'Branches': [{'StartAt': 'D', 'States': {
                            'D': {'Type': 'Pass', 'Output': '{% ($f := function($n) { $n = 0 ? 0 : 1 + $f($n - 1) }; $f(40)) %}', 'End': true}}}],
                            'Catch': [{'ErrorEquals': ['States.ALL'], 'Next': 'DeepCaught'}], 'End': true},
                            'DeepCaught': {'Type': 'Pass', 'Output': '{% $states.input.Cause %}', 'End': true}}},
                          {'StartAt': 'Large', 'States': {'Large': {'Type': 'Parallel', 'Branches': [{'StartAt': 'L', 'States': {
                            'L': {'Type': 'Pass', 'Output': '{% $count([1..900000]) %}', 'End': true}}}],
                            'Catch': [{'ErrorEquals': ['States.ALL'], 'Next': 'LargeCaught'}], 'End': true},
                            'LargeCaught': {'Type': 'Pass', 'Output': '{% $states.input.Cause %}', 'End': true}}}], 'End': true}
                        """, "{}");

        assertThat(output.get(0).asText())
                .contains("threw an error during evaluation: Stack overflow error: Check for non-terminating recursive"
                        + " function.  Consider rewriting as tail-recursive. Depth=101 max=100");
        assertThat(output.get(1).asText())
                .contains("threw an error during evaluation: Expression evaluation memory limit exceeded: Check for"
                        + " excessive memory usage");
    }

    @Test
    @Timeout(60)
    void aPoolOfThreadsLosesNothing() {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        AtomicInteger calls = new AtomicInteger();
        AtomicInteger finished = new AtomicInteger();
        try (SystemScheduler fast = new SystemScheduler(Clock.systemUTC(), 1000);
                Engine engine = Engine.builder()
                        .scheduler(fast)
                        .executor(pool)
                        .lambda("flaky", (payload, invocation) -> {
                            if (calls.incrementAndGet() % 7 == 0) {
                                throw new IllegalStateException("once in a while");
                            }
                            return payload;
                        })
                        .history(history -> finished.incrementAndGet())
                        .build()) {
            StateMachine machine = Lab.machine("""
                    'Start': {'Type': 'Map', 'Items': '{% [1..5000] %}', 'MaxConcurrency': 64,
                      'ItemProcessor': {'ProcessorConfig': {'Mode': 'DISTRIBUTED', 'ExecutionType': 'STANDARD'}, 'StartAt': 'Both', 'States': {
                        'Both': {'Type': 'Parallel', 'Output': {}, 'End': true, 'Branches': [
                          {'StartAt': 'Work', 'States': {'Work': {'Type': 'Task', 'Resource': 'arn:aws:states:::lambda:invoke',
                            'Arguments': {'FunctionName': 'flaky', 'Payload': '{% $states.input %}'},
                            'Retry': [{'ErrorEquals': ['States.ALL'], 'MaxAttempts': 99, 'BackoffRate': 1}], 'End': true}}},
                          {'StartAt': 'Rest', 'States': {'Rest': {'Type': 'Wait', 'Seconds': 1, 'End': true}}}]}}},
                      'Output': '{% $count($states.result) %}', 'End': true}
                    """);

            ExecutionResult result =
                    engine.start(machine, "test", json("{}")).result().join();

            assertThat(result.output()).contains(json("5000"));
            assertThat(finished).hasValue(5_001);
        } finally {
            pool.shutdownNow();
        }
    }
}
