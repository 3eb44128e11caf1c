/** Log lines as JSON. */
@NullMarked
package io.reelbatch.adapters.logging;

import org.jspecify.annotations.NullMarked;
