package io.reelbatch.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.stream.Stream;

/** The buckets that a Distributed Map reads its items from and writes its results to. */
public interface ObjectPort {
    /** The bytes of one object; throws {@link java.io.FileNotFoundException} if there is none. */
    InputStream open(String bucket, String key) throws IOException;

    /** The objects whose key starts with {@code prefix}, in the order of their keys; the engine closes the stream. */
    Stream<ObjectSummary> list(String bucket, String prefix) throws IOException;

    /** A stream to write one object with; the object is there, whole, once the stream was closed. */
    OutputStream create(String bucket, String key) throws IOException;

    /**
     * One object of a listing, as {@code s3:listObjectsV2} shows it.
     *
     * @param key the object's key
     * @param size its length in bytes
     * @param etag its entity tag, with the quotes S3 puts around it
     * @param lastModified when it was written
     * @param storageClass its storage class, such as {@code STANDARD}
     */
    record ObjectSummary(String key, long size, String etag, Instant lastModified, String storageClass) {}
}
