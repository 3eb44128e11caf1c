package io.reelbatch.adapters.aws;

import io.reelbatch.domain.store.ObjectKeys;
import io.reelbatch.domain.store.ObjectStore;
import io.reelbatch.domain.store.ObjectWriter;
import io.reelbatch.errors.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.function.Consumer;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Objects in one bucket, below a prefix. Objects up to 8 MB are sent at once, larger ones in parts of 8 MB, of which a writer
 * holds one in memory. A writer that dies leaves parts that nobody sees; the bucket's lifecycle removes them.
 */
public final class S3ObjectStore implements ObjectStore {
    private final S3Client client;
    private final Bucket bucket;
    private final String prefix;

    /** The whole bucket. The client becomes the store's, which closes it. */
    public S3ObjectStore(S3Client client, String bucketName) {
        this(client, bucketName, "");
    }

    /**
     * A part of the bucket. The client becomes the store's, which closes it.
     *
     * @param prefix what comes before every key, such as {@code team-a/}; empty for none
     */
    public S3ObjectStore(S3Client client, String bucketName, String prefix) {
        this.client = client;
        this.bucket = new Bucket(client, bucketName);
        this.prefix = prefix;
        if (!prefix.isEmpty() && !(prefix.endsWith("/") && ObjectKeys.canStart(prefix))) {
            throw new IllegalArgumentException(
                    "bucket prefix \"" + prefix + "\" is not a folder: write it like team-a/");
        }
    }

    /**
     * Makes a bucket where there is none, in a stand-in for S3; the template makes the real one, and protects it.
     *
     * @throws StoreException if it cannot be made
     */
    public static void createIfMissing(S3Client client, String bucketName) {
        try {
            if (client.listBuckets().buckets().stream()
                    .noneMatch(found -> found.name().equals(bucketName))) {
                client.createBucket(request -> request.bucket(bucketName));
            }
        } catch (SdkException e) {
            throw new StoreException("cannot create bucket " + bucketName + ": " + Advice.on(e), e);
        }
    }

    @Override
    public Optional<StoredObject> find(String key) throws IOException {
        return bucket.head(inBucket(key)).map(head -> new StoredObject(key, head.contentLength()));
    }

    @Override
    public InputStream read(String key) throws IOException {
        return read(key, bucket.get(inBucket(key)));
    }

    /**
     * Opens one version of an object for reading; the caller closes it.
     *
     * @throws NoSuchFileException if there is none, or no longer
     */
    public InputStream read(String key, String versionId) throws IOException {
        return read(
                key, bucket.get(inBucket(key)).toBuilder().versionId(versionId).build());
    }

    private InputStream read(String key, GetObjectRequest request) throws IOException {
        String full = inBucket(key);
        try {
            return new S3ObjectReader(bucket.where(full), bucket.call("read", full, () -> client.getObject(request)));
        } catch (NoSuchKeyException e) {
            throw missing(full, e);
        }
    }

    @Override
    public ObjectWriter write(String key, String contentType) {
        return new S3ObjectWriter(client, bucket, key, inBucket(key), contentType);
    }

    @Override
    public void copy(String fromKey, String toKey) throws IOException {
        String from = inBucket(fromKey);
        try {
            copyInBucket(from, inBucket(toKey));
        } catch (NoSuchKeyException e) {
            throw missing(from, e);
        }
    }

    private void copyInBucket(String from, String to) throws IOException {
        bucket.call(
                "copy to " + bucket.where(to) + " from",
                from,
                () -> client.copyObject(request -> request.sourceBucket(bucket.name())
                        .sourceKey(from)
                        .destinationBucket(bucket.name())
                        .destinationKey(to)));
    }

    @Override
    public String location(String key) {
        return bucket.where(inBucket(key));
    }

    @Override
    public boolean adopt(String location, String toKey) throws IOException {
        String ours = bucket.where("");
        if (!location.startsWith(ours)) {
            return false;
        }
        try {
            copyInBucket(location.substring(ours.length()), inBucket(toKey));
            return true;
        } catch (NoSuchKeyException e) {
            return false;
        }
    }

    @Override
    public void list(String keyPrefix, Consumer<StoredObject> action) throws IOException {
        if (!ObjectKeys.canStart(keyPrefix)) {
            return;
        }
        String full = prefix + keyPrefix;
        // Only the requests are wrapped: what the action throws is the caller's own.
        var pages = client.listObjectsV2Paginator(
                        request -> request.bucket(bucket.name()).prefix(full))
                .iterator();
        while (bucket.call("list", full, pages::hasNext)) {
            for (S3Object object : bucket.call("list", full, pages::next).contents()) {
                String key = object.key().substring(prefix.length());
                if (ObjectKeys.isValid(key)) {
                    action.accept(new StoredObject(key, object.size()));
                }
            }
        }
    }

    @Override
    public void delete(String key) throws IOException {
        String full = inBucket(key);
        bucket.call(
                "delete",
                full,
                () -> client.deleteObject(
                        request -> request.bucket(bucket.name()).key(full)));
    }

    @Override
    public void close() {
        client.close();
    }

    private String inBucket(String key) {
        return prefix + ObjectKeys.check(key);
    }

    private NoSuchFileException missing(String full, NoSuchKeyException cause) {
        NoSuchFileException missing = new NoSuchFileException(bucket.where(full), null, "there is no such object");
        missing.initCause(cause);
        return missing;
    }
}
