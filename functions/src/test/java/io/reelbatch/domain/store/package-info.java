/** What every store must do, whatever it is made of; an adapter's test extends these. */
@NullMarked
package io.reelbatch.domain.store;

import org.jspecify.annotations.NullMarked;
