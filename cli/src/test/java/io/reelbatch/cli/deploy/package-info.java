/** That what is deployed fits what runs. */
@NullMarked
package io.reelbatch.cli.deploy;

import org.jspecify.annotations.NullMarked;
