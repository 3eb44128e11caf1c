/** Tests of the drawn and encoded files. */
@NullMarked
package io.reelbatch.cli.simulator.media;

import org.jspecify.annotations.NullMarked;
