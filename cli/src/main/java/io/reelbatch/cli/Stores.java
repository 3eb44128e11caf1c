package io.reelbatch.cli;

import io.reelbatch.cli.local.BatchDirectory;
import io.reelbatch.cli.local.FileObjectStore;
import io.reelbatch.cli.local.SqliteJobStore;
import io.reelbatch.cli.local.StoreKind;
import io.reelbatch.domain.store.BatchFolder;
import io.reelbatch.domain.store.JobStore;
import io.reelbatch.domain.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

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
                        new SqliteJobStore(directory.state("jobs.db")),
                        new FileObjectStore(directory.root(), batchId),
                        "local");
            case AWS -> throw new UsageException("--stores aws is not there yet.");
        };
    }

    /** Whether every job of the batch has an end state. */
    boolean allEnded(String batchId) {
        AtomicBoolean ended = new AtomicBoolean(true);
        jobs.forEachJob(batchId, job -> ended.compareAndSet(true, job.state().isEnd()));
        return ended.get();
    }

    /** Where the manifest is, for people. */
    String where(Path folder, String batchId) {
        return kind == StoreKind.LOCAL
                ? "manifest: " + folder.resolve("manifest.json")
                : "manifest: s3://" + bucket + "/" + new BatchFolder(batchId).visible("manifest.json");
    }

    @Override
    public void close() {
        jobs.close();
        objects.close();
    }
}
