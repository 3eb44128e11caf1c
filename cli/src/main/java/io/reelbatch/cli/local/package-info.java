/** A batch on one machine: the deployed definition and handlers on the embedded engine, with local stores. */
@NullMarked
package io.reelbatch.cli.local;

import org.jspecify.annotations.NullMarked;
