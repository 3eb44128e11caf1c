/** Figures for CloudWatch. */
@NullMarked
package io.reelbatch.adapters.metrics;

import org.jspecify.annotations.NullMarked;
