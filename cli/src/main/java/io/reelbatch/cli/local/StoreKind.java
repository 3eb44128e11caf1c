package io.reelbatch.cli.local;

/** Where a local run keeps records and files. */
public enum StoreKind {
    /** SQLite and plain files in the output folder. */
    LOCAL,
    /** A DynamoDB table and an S3 bucket. */
    AWS
}
