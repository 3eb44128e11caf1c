/** The steps of the state machine, one class per state, under the name of that state. */
@NullMarked
package io.reelbatch.handlers;

import org.jspecify.annotations.NullMarked;
