/** A deployed stack as the command sees it: its batches' executions, records and files. */
@NullMarked
package io.reelbatch.cli.stack;

import org.jspecify.annotations.NullMarked;
