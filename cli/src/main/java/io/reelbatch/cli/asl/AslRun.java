package io.reelbatch.cli.asl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.engine.Engine;
import io.reelbatch.engine.Execution;
import io.reelbatch.engine.ExecutionResult;
import io.reelbatch.engine.HistoryEvent;
import io.reelbatch.engine.StateMachine;
import io.reelbatch.engine.TaskHandler;
import io.reelbatch.engine.TaskRequest;
import io.reelbatch.engine.VirtualScheduler;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One run of a definition in virtual time, its Tasks answered by mocks. */
final class AslRun {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private AslRun() {}

    /** Runs it to its end; gives status, output, error, cause, states and transitions. */
    static ObjectNode run(StateMachine machine, JsonNode input, Mocks mocks) {
        VirtualScheduler time = new VirtualScheduler(Instant.now().truncatedTo(ChronoUnit.MILLIS));
        AtomicReference<@Nullable Engine> self = new AtomicReference<>();
        TaskHandler handler = request -> answer(request, mocks, Objects.requireNonNull(self.get()));
        try (Engine engine = Engine.builder()
                .scheduler(time)
                .anyTask(handler)
                .mapConcurrency(1)
                .build()) {
            self.set(engine);
            Execution execution = engine.start(machine, "run", input);
            return result(time.await(execution.result()), execution);
        }
    }

    private static CompletionStage<JsonNode> answer(TaskRequest request, Mocks mocks, Engine engine) {
        JsonNode answer = mocks.answer(request);
        request.taskToken().ifPresent(token -> engine.sendTaskSuccess(token, answer));
        return CompletableFuture.completedFuture(answer);
    }

    private static ObjectNode result(ExecutionResult ended, Execution execution) {
        ObjectNode result = MAPPER.createObjectNode();
        result.put("status", ended.status().name());
        result.set("output", ended.output().orElse(null));
        result.put("error", ended.error().orElse(null));
        result.put("cause", ended.cause().orElse(null));
        ArrayNode states = result.putArray("states");
        for (HistoryEvent event : execution.history()) {
            JsonNode entered = event.details().path("stateEnteredEventDetails");
            if (entered.has("name")) {
                states.add(entered.get("name"));
            }
        }
        result.put("transitions", ended.transitions());
        return result;
    }
}
