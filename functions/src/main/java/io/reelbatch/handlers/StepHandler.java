package io.reelbatch.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.reelbatch.domain.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/**
 * Decodes a state's input, calls the step, encodes its result.
 *
 * @param <I> what the state passes in
 * @param <O> what the step answers
 */
public abstract class StepHandler<I, O> implements RequestStreamHandler {
    /** Kept because the registry of snapshots' resources forgets what nobody keeps. */
    @SuppressWarnings("UnusedVariable")
    private Optional<Snapshot> snapshot = Optional.empty();

    private final Class<I> inputType;

    StepHandler(Class<I> inputType) {
        this.inputType = inputType;
    }

    @Override
    public final void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        I decoded = Json.mapper().readValue(input, inputType);
        Json.mapper().writeValue(output, handle(decoded, context));
    }

    /** For the constructors that Lambda calls: what is done before it takes a snapshot. */
    final void prepareSnapshot(Snapshot.Warming... warmings) {
        snapshot = Optional.of(Snapshot.prepare(warmings));
    }

    abstract O handle(I input, Context context) throws IOException;
}
