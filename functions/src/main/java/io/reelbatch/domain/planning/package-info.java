/** From a checked configuration to a plan: names on disk, requests, prices, the order to start. */
@NullMarked
package io.reelbatch.domain.planning;

import org.jspecify.annotations.NullMarked;
