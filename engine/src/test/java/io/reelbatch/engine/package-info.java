/** Tests of the engine. */
@NullMarked
package io.reelbatch.engine;

import org.jspecify.annotations.NullMarked;
