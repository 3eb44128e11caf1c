/** What the provider answers, as far as the lifecycle of a job needs to know. */
@NullMarked
package io.reelbatch.domain.provider;

import org.jspecify.annotations.NullMarked;
