/** Callbacks of the provider: their addresses, their signatures, what they say. */
@NullMarked
package io.reelbatch.domain.webhook;

import org.jspecify.annotations.NullMarked;
