/** The engine from the command line: run or check a definition without a batch around it. */
@NullMarked
package io.reelbatch.cli.asl;

import org.jspecify.annotations.NullMarked;
