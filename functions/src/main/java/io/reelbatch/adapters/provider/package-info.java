/** The provider over HTTP: submits, polls, uploads, quotes and downloads. */
@NullMarked
package io.reelbatch.adapters.provider;

import org.jspecify.annotations.NullMarked;
