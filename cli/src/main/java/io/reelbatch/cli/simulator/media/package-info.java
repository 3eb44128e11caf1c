/** Draws and encodes what the simulated provider serves: pictures, clips and sounds, each a function of its request alone. */
@NullMarked
package io.reelbatch.cli.simulator.media;

import org.jspecify.annotations.NullMarked;
