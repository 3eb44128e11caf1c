/** Word of finished jobs and batches, for programs of the user's. */
@NullMarked
package io.reelbatch.domain.notify;

import org.jspecify.annotations.NullMarked;
