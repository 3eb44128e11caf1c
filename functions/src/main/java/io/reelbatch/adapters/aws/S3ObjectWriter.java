package io.reelbatch.adapters.aws;

import io.reelbatch.domain.store.ObjectStore.StoredObject;
import io.reelbatch.domain.store.ObjectWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** Collects a part, sends it, and collects the next in the same memory; S3 shows the object when all parts are there. */
final class S3ObjectWriter extends ObjectWriter {
    static final int PART_BYTES = 8 * 1024 * 1024;

    private static final int FIRST_BYTES = 64 * 1024;
    /** Metadata that tells whose object is there after a commit whose answer was lost. */
    private static final String WRITE_ID = "reelbatch-write-id";

    private final S3Client client;
    private final Bucket bucket;
    private final String key;
    private final String full;
    private final String contentType;
    private final Map<String, String> metadata =
            Map.of(WRITE_ID, UUID.randomUUID().toString());
    private final List<CompletedPart> parts = new ArrayList<>();
    private Optional<String> uploadId = Optional.empty();
    private byte[] part = new byte[FIRST_BYTES];
    private int filled;
    private long bytes;
    private boolean closed;

    /**
     * Nothing is sent yet.
     *
     * @param key the store's key
     * @param full the bucket's key
     */
    S3ObjectWriter(S3Client client, Bucket bucket, String key, String full, String contentType) {
        this.client = client;
        this.bucket = bucket;
        this.key = key;
        this.full = full;
        this.contentType = contentType;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        requireOpen();
        int done = 0;
        while (done < length) {
            if (filled == PART_BYTES) {
                sendPart();
            }
            makeRoom(length - done);
            int now = Math.min(length - done, part.length - filled);
            System.arraycopy(source, offset + done, part, filled, now);
            filled += now;
            done += now;
        }
        bytes += length;
    }

    private void makeRoom(int wanted) {
        if (filled + wanted > part.length && part.length < PART_BYTES) {
            long doubled = Math.max(2L * part.length, (long) filled + wanted);
            part = Arrays.copyOf(part, (int) Math.min(PART_BYTES, doubled));
        }
    }

    private void sendPart() throws IOException {
        String upload = startedUpload();
        int number = parts.size() + 1;
        UploadPartResponse sent = bucket.call(
                "write part " + number + " of",
                full,
                () -> client.uploadPart(
                        request -> request.bucket(bucket.name())
                                .key(full)
                                .uploadId(upload)
                                .partNumber(number)
                                .checksumAlgorithm(ChecksumAlgorithm.CRC32),
                        body()));
        parts.add(CompletedPart.builder()
                .partNumber(number)
                .eTag(sent.eTag())
                .checksumCRC32(sent.checksumCRC32())
                .build());
        filled = 0;
    }

    private String startedUpload() throws IOException {
        if (uploadId.isEmpty()) {
            uploadId = Optional.of(bucket.call(
                            "start",
                            full,
                            () -> client.createMultipartUpload(request -> request.bucket(bucket.name())
                                    .key(full)
                                    .contentType(contentType)
                                    .metadata(metadata)
                                    .checksumAlgorithm(ChecksumAlgorithm.CRC32)))
                    .uploadId());
        }
        return uploadId.get();
    }

    /** The part as it lies in memory; the SDK's ready-made bodies would copy it. */
    private RequestBody body() {
        int length = filled;
        return RequestBody.fromContentProvider(
                () -> new ByteArrayInputStream(part, 0, length), length, "application/octet-stream");
    }

    @Override
    public StoredObject commit() throws IOException {
        requireOpen();
        if (uploadId.isEmpty()) {
            bucket.call(
                    "write",
                    full,
                    () -> client.putObject(
                            request -> request.bucket(bucket.name())
                                    .key(full)
                                    .contentType(contentType)
                                    .metadata(metadata),
                            body()));
        } else {
            sendPart();
            complete(uploadId.get());
        }
        closed = true;
        return new StoredObject(key, bytes);
    }

    private void complete(String upload) throws IOException {
        try {
            bucket.call(
                    "finish",
                    full,
                    () -> client.completeMultipartUpload(request -> request.bucket(bucket.name())
                            .key(full)
                            .uploadId(upload)
                            .multipartUpload(all -> all.parts(parts))));
        } catch (NoSuchUploadException e) {
            if (!isThere()) {
                throw new IOException(
                        "cannot finish " + bucket.where(full) + ": the upload was aborted meanwhile; write it again",
                        e);
            }
        } catch (IOException e) {
            // A completion that is sent again while the first one is at work finds its parts gone.
            if (!isThere()) {
                throw e;
            }
        }
    }

    private boolean isThere() throws IOException {
        return bucket.head(full)
                .filter(head -> metadata.equals(head.metadata()))
                .isPresent();
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        if (uploadId.isPresent()) {
            try {
                bucket.call(
                        "drop the parts of",
                        full,
                        () -> client.abortMultipartUpload(request ->
                                request.bucket(bucket.name()).key(full).uploadId(uploadId.get())));
            } catch (NoSuchUploadException e) {
                // It is gone already.
            }
        }
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("object " + key + " is already committed or closed");
        }
    }
}
