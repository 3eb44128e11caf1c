/** What a batch leaves for people and programs: manifest and cost report. */
@NullMarked
package io.reelbatch.domain.report;

import org.jspecify.annotations.NullMarked;
