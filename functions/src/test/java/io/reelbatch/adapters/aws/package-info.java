/** The AWS stores against stand-ins that speak the real protocols. */
@NullMarked
package io.reelbatch.adapters.aws;

import org.jspecify.annotations.NullMarked;
