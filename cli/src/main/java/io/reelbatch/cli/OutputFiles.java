package io.reelbatch.cli;

import io.reelbatch.adapters.aws.AwsClients;
import io.reelbatch.adapters.aws.S3ObjectStore;
import io.reelbatch.domain.store.ObjectKeys;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;

/** Read-only access to the files of a batch, in a folder on this machine or in a bucket. */
interface OutputFiles extends AutoCloseable {

    /**
     * Opens a file.
     *
     * @param path under the batch's folder
     * @throws NoSuchFileException if there is none
     */
    InputStream read(String path) throws IOException;

    @Override
    void close();

    /** The files at a folder or an {@code s3://bucket/folder}. */
    static OutputFiles at(String place, Map<String, String> environment) {
        return place.startsWith("s3://") ? inBucket(place, environment) : inFolder(Path.of(place));
    }

    private static OutputFiles inFolder(Path folder) {
        return new OutputFiles() {
            @Override
            public InputStream read(String path) throws IOException {
                Path file = folder.resolve(ObjectKeys.check(path));
                if (!Files.isRegularFile(file)) {
                    throw new NoSuchFileException(file.toString());
                }
                return Files.newInputStream(file);
            }

            @Override
            public void close() {}
        };
    }

    private static OutputFiles inBucket(String place, Map<String, String> environment) {
        String[] parts = place.substring("s3://".length()).split("/", 2);
        String folder = parts.length == 1 ? "" : parts[1].replaceAll("/+$", "");
        if (parts[0].isEmpty()) {
            throw new UsageException(place + " names no bucket: write s3://bucket/batches/BATCH.");
        }
        String prefix = folder.isEmpty() ? "" : folder + "/";
        S3ObjectStore store = new S3ObjectStore(new AwsClients(environment).s3(), parts[0], prefix);
        return new OutputFiles() {
            @Override
            public InputStream read(String path) throws IOException {
                return store.read(path);
            }

            @Override
            public void close() {
                store.close();
            }
        };
    }
}
