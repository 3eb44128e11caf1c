/** The {@code reelbatch} command. */
@NullMarked
package io.reelbatch.cli;

import org.jspecify.annotations.NullMarked;
