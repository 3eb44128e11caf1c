/** The two ports to state, records and objects, and changes of records by many writers at once. */
@NullMarked
package io.reelbatch.domain.store;

import org.jspecify.annotations.NullMarked;
