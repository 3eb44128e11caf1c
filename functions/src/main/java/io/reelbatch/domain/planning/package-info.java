/**
 * Turns a checked configuration into a plan: file names, requests, prices, and the order in which jobs start. The result
 * is made of the types in the package {@code plan}.
 */
@NullMarked
package io.reelbatch.domain.planning;

import org.jspecify.annotations.NullMarked;
