/** When to ask again: waits between polls, and before a submit that was put off. */
@NullMarked
package io.reelbatch.domain.pace;

import org.jspecify.annotations.NullMarked;
