package io.reelbatch.engine.jsonata;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What an expression can see: variables, the time and randomness. */
public interface Scope {
    /** The value of {@code $name}; null if there is no such variable. */
    @Nullable
    JsonNode variable(String name);

    /** What {@code $now()} and {@code $millis()} tell. */
    Instant now();

    /** Where {@code $random()} and {@code $uuid()} come from. */
    RandomGenerator random();
}
