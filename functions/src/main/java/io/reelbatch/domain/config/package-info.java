/** The batch configuration as users write it: reading, checking, explaining what is wrong. */
@NullMarked
package io.reelbatch.domain.config;

import org.jspecify.annotations.NullMarked;
