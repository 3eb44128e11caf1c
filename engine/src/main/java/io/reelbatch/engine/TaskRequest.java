package io.reelbatch.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Optional;

/**
 * One attempt at a Task.
 *
 * @param resource the state's {@code Resource}
 * @param state the state's name
 * @param arguments the evaluated {@code Arguments}, or the state's input where it has none
 * @param taskToken the token to send back, for a resource that ends in {@code .waitForTaskToken}
 * @param timeout how long the task may take, where the state says so
 * @param context the Context object, as {@code $states.context} shows it
 */
public record TaskRequest(
        String resource,
        String state,
        JsonNode arguments,
        Optional<String> taskToken,
        Optional<Duration> timeout,
        JsonNode context) {}
