/** Tests of the simulated provider, over HTTP. */
@NullMarked
package io.reelbatch.cli.simulator;

import org.jspecify.annotations.NullMarked;
