/** Stand-ins for DynamoDB and S3 on this machine, for tests and for trying the AWS stores. */
@NullMarked
package io.reelbatch.emulators;

import org.jspecify.annotations.NullMarked;
