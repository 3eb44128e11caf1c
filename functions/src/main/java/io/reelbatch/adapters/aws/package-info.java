/** The stores on AWS: records in one DynamoDB table, objects in one S3 bucket. */
@NullMarked
package io.reelbatch.adapters.aws;

import org.jspecify.annotations.NullMarked;
