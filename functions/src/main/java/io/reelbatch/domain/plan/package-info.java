/** From a configuration to jobs with names on disk, requests and prices. */
@NullMarked
package io.reelbatch.domain.plan;

import org.jspecify.annotations.NullMarked;
