/** The provider, simulated: the same HTTP API and the same failures, real files, a ledger of what was charged. */
@NullMarked
package io.reelbatch.cli.simulator;

import org.jspecify.annotations.NullMarked;
