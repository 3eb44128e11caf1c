package io.reelbatch.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What one transition costs: without expressions, with a task, and with expressions of the usual size. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class TransitionBenchmark {
    private static final int TRANSITIONS = 1000;
    private static final JsonNode INPUT = JsonNodeFactory.instance.objectNode().put("id", "j1").put("n", 1);

    private final StateMachine passes = chain(i -> "\"Type\": \"Pass\"");
    private final StateMachine expressions = chain(i -> "\"Type\": \"Pass\", \"Assign\": {\"k\": \"{% $states.input.n %}\"},"
            + " \"Output\": {\"id\": \"{% $states.input.id %}\", \"n\": \"{% $states.input.n + 1 %}\"}");
    private final StateMachine tasks = chain(i -> "\"Type\": \"Task\", \"Resource\": \"arn:aws:states:::example:work\"");
    private int run;

    private static StateMachine chain(java.util.function.IntFunction<String> body) {
        StringBuilder states = new StringBuilder();
        for (int i = 0; i < TRANSITIONS; i++) {
            String next = i + 1 < TRANSITIONS ? "\"Next\": \"S" + (i + 1) + "\"" : "\"End\": true";
            states.append(i == 0 ? "" : ",").append("\"S").append(i).append("\": {").append(body.apply(i)).append(", ").append(next).append("}");
        }
        return StateMachine.parse(
                "{\"QueryLanguage\": \"JSONata\", \"StartAt\": \"S0\", \"States\": {" + states + "}}");
    }

    private ExecutionResult run(StateMachine machine) {
        VirtualScheduler time = new VirtualScheduler();
        Engine engine = Engine.builder()
                .scheduler(time)
                .task("arn:aws:states:::example:work",
                        request -> java.util.concurrent.CompletableFuture.completedFuture(request.arguments()))
                .build();
        return time.await(engine.start(machine, "run-" + run++, INPUT).result());
    }

    @Benchmark
    @OperationsPerInvocation(TRANSITIONS)
    public ExecutionResult pass() {
        return run(passes);
    }

    @Benchmark
    @OperationsPerInvocation(TRANSITIONS)
    public ExecutionResult task() {
        return run(tasks);
    }

    @Benchmark
    @OperationsPerInvocation(TRANSITIONS)
    public ExecutionResult passWithThreeExpressions() {
        return run(expressions);
    }
}
