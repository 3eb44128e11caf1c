package io.reelbatch.engine.asl;

import java.time.Duration;
import java.util.Optional;

/**
 * A parsed definition.
 *
 * @param graph its states
 * @param timeout how long an execution may take
 */
public record Definition(Graph graph, Optional<Duration> timeout) {}
