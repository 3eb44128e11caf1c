package io.reelbatch.engine.asl;

import java.util.Map;
import java.util.Optional;

/**
 * What a state, a Choice rule or a catcher does when it is done: its output, the variables it assigns and where it goes.
 *
 * @param output what it passes on; the input or result as it is, if empty
 * @param assign the variables it sets, in order
 * @param next the next state; the end of its graph, if empty
 */
public record Outcome(Optional<Template> output, Map<String, Template> assign, Optional<String> next) {}
