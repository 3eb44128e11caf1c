package io.reelbatch.cli;

import io.reelbatch.adapters.aws.AwsClients;
import io.reelbatch.adapters.aws.DynamoDbJobStore;
import io.reelbatch.adapters.aws.S3ObjectStore;
import io.reelbatch.adapters.aws.TableSchema;
import io.reelbatch.cli.local.BatchDirectory;
import io.reelbatch.cli.local.FileObjectStore;
import io.reelbatch.cli.local.FileProblem;
import io.reelbatch.cli.local.SqliteJobStore;
import io.reelbatch.cli.local.StoreKind;
import io.reelbatch.domain.store.BatchFolder;
import io.reelbatch.domain.store.JobStore;
import io.reelbatch.domain.store.ObjectStore;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Where a run keeps records and files.
 *
 * @param bucket name of the bucket behind {@code objects}
 */
record Stores(StoreKind kind, JobStore jobs, ObjectStore objects, String bucket) implements AutoCloseable {
    static Stores open(StoreKind kind, BatchDirectory directory, String batchId) throws IOException {
        return switch (kind) {
            case LOCAL ->
                new Stores(
                        kind,
                        new SqliteJobStore(directory.state("jobs.db"), usable(accountFile(System.getenv()))),
                        new FileObjectStore(directory.root(), batchId),
                        "local");
            case AWS -> aws(System.getenv());
        };
    }

    /** It is opened by the first job: without it each would fail by itself. */
    private static Path usable(Path accountFile) throws IOException {
        try {
            Files.createDirectories(accountFile.resolveSibling(""));
            return accountFile;
        } catch (FileSystemException e) {
            throw new UsageException("Cannot keep what is known of the account in " + accountFile.getParent() + " ("
                    + FileProblem.of(e) + "). Set XDG_STATE_HOME to a folder that can be written.");
        }
    }

    /** The user's file with what all batches on this machine share. */
    static Path accountFile(Map<String, String> environment) {
        Path named = Path.of(environment.getOrDefault("XDG_STATE_HOME", ""));
        Path state = named.isAbsolute() ? named : Path.of(System.getProperty("user.home"), ".local", "state");
        return state.resolve("reelbatch").resolve("account.db");
    }

    /** A table and a bucket in AWS or in a server that stands in for it; only there are they made where they are missing. */
    private static Stores aws(Map<String, String> environment) {
        AwsClients clients = new AwsClients(environment);
        DynamoDbClient dynamoDb = clients.dynamoDb();
        S3Client s3 = clients.s3();
        String table = environment.getOrDefault("REELBATCH_TABLE", "reelbatch");
        String bucket = environment.getOrDefault("REELBATCH_BUCKET", "reelbatch");
        if (environment.keySet().stream().anyMatch(name -> name.startsWith("AWS_ENDPOINT_URL"))) {
            TableSchema.createIfMissing(dynamoDb, table);
            S3ObjectStore.createIfMissing(s3, bucket);
        }
        return new Stores(StoreKind.AWS, new DynamoDbJobStore(dynamoDb, table), new S3ObjectStore(s3, bucket), bucket);
    }

    /** Whether every job of the batch has an end state. */
    boolean allEnded(String batchId) {
        AtomicBoolean ended = new AtomicBoolean(true);
        jobs.forEachJob(batchId, job -> ended.compareAndSet(true, job.state().isEnd()));
        return ended.get();
    }

    /** Where a file of the batch is, by its path under the manifest's folder. */
    String url(Path folder, String batchId, String path) {
        return kind == StoreKind.LOCAL
                ? folder.resolve(path).toString()
                : "s3://" + bucket + "/" + new BatchFolder(batchId).visible(path);
    }

    /** Where the manifest is, for people. */
    String where(Path folder, String batchId) {
        return kind == StoreKind.LOCAL
                ? "manifest: " + folder.resolve("manifest.json")
                : "manifest: " + url(folder, batchId, "manifest.json");
    }

    @Override
    public void close() {
        jobs.close();
        objects.close();
    }
}
