package io.reelbatch.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import io.reelbatch.domain.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/** Handles an event sent by an AWS service. The steps of the state machine are {@link StepHandler}s instead. */
public abstract class EventHandler implements RequestStreamHandler {
    /** Kept because the registry of snapshots' resources forgets what nobody keeps. */
    @SuppressWarnings("UnusedVariable")
    private Optional<Snapshot> snapshot = Optional.empty();

    EventHandler() {}

    @Override
    public final void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        JsonNode event = Json.mapper().readTree(input);
        Json.mapper().writeValue(output, handle(event, context));
    }

    /** For the constructors that Lambda calls: what is done before it takes a snapshot. */
    final void prepareSnapshot(Snapshot.Warming... warmings) {
        snapshot = Optional.of(Snapshot.prepare(warmings));
    }

    abstract JsonNode handle(JsonNode event, Context context) throws IOException;
}
