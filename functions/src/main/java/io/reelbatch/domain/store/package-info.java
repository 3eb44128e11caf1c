/** The two ports to state: records and objects. */
@NullMarked
package io.reelbatch.domain.store;

import org.jspecify.annotations.NullMarked;
