@NullMarked
package io.reelbatch.cli.local;

import org.jspecify.annotations.NullMarked;
