/** A job's record: its life from planned to stored, and every attempt that may cost money. */
@NullMarked
package io.reelbatch.domain.job;

import org.jspecify.annotations.NullMarked;
