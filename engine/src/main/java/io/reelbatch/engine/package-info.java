/** An embedded engine for AWS Step Functions state machines that use JSONata. */
@NullMarked
package io.reelbatch.engine;

import org.jspecify.annotations.NullMarked;
