/** How records become JSON. */
@NullMarked
package io.reelbatch.domain.json;

import org.jspecify.annotations.NullMarked;
