package io.reelbatch.cli.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.reelbatch.domain.json.Json;
import io.reelbatch.engine.Engine;
import io.reelbatch.handlers.TaskTokens;
import java.util.function.Supplier;

/** Completes tasks of the embedded engine that wait for a token. */
final class EngineTokens implements TaskTokens {
    private final Supplier<Engine> engine;

    /** @param engine asked for when the first task is to be ended */
    EngineTokens(Supplier<Engine> engine) {
        this.engine = engine;
    }

    @Override
    public void succeed(String token, String output) {
        try {
            engine.get().sendTaskSuccess(token, Json.mapper().readTree(output));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a task's result must be JSON", e);
        }
    }

    @Override
    public void fail(String token, String error, String cause) {
        engine.get().sendTaskFailure(token, error, cause);
    }
}
