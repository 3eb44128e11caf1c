/** Tests of the expression language. */
@NullMarked
package io.reelbatch.engine.jsonata;

import org.jspecify.annotations.NullMarked;
