/** The stores of a batch that runs on one machine: a SQLite file and plain files in the output folder. */
@NullMarked
package io.reelbatch.cli.local;

import org.jspecify.annotations.NullMarked;
