/** Definitions in Amazon States Language: their model and parser. Internal to the engine: not part of its API. */
@NullMarked
package io.reelbatch.engine.asl;

import org.jspecify.annotations.NullMarked;
