/** Failures that the state machine's definition names: top level, so that Lambda reports them under a stable name. */
@NullMarked
package io.reelbatch.errors;

import org.jspecify.annotations.NullMarked;
