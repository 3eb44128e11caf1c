/** Where the items of a Distributed Map come from: files read piece by piece. Internal to the engine. */
@NullMarked
package io.reelbatch.engine.items;

import org.jspecify.annotations.NullMarked;
