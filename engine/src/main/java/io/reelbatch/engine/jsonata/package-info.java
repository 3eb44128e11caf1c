/** JSONata as Step Functions has it. Internal to the engine: not part of its API. */
@NullMarked
package io.reelbatch.engine.jsonata;

import org.jspecify.annotations.NullMarked;
