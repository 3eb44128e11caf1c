package io.reelbatch.engine;

import java.time.Instant;

/**
 * What a function learns about its invocation.
 *
 * @param functionName the name it was registered under
 * @param requestId an id of this invocation
 * @param deadline when the Task that invokes it gives up; {@link Instant#MAX} where it never does
 */
public record LambdaInvocation(String functionName, String requestId, Instant deadline) {}
