/** Models and prices, as dated data: which endpoint, which parameters, what it costs. */
@NullMarked
package io.reelbatch.domain.catalog;

import org.jspecify.annotations.NullMarked;
