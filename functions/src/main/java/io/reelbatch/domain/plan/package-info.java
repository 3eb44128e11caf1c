/** The planned jobs of a batch as data, such as {@link PlannedJob}. The package {@code planning} makes them. */
@NullMarked
package io.reelbatch.domain.plan;

import org.jspecify.annotations.NullMarked;
