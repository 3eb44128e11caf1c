package io.reelbatch.adapters.aws;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Calls to a bucket, with failures turned into readable messages. */
record Bucket(S3Client client, String name) {
    private static final int NOT_FOUND = 404;

    /** Names an object for a message. */
    String where(String key) {
        return "s3://" + name + "/" + key;
    }

    GetObjectRequest get(String key) {
        return GetObjectRequest.builder().bucket(name).key(key).build();
    }

    /** An object's metadata; empty if there is no such object. */
    Optional<HeadObjectResponse> head(String key) throws IOException {
        try {
            return Optional.of(call(
                    "look at",
                    key,
                    () -> client.headObject(request -> request.bucket(name).key(key))));
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        }
    }

    /**
     * Makes a call.
     *
     * @throws NoSuchKeyException and {@link NoSuchUploadException} as they are, because callers know what they mean
     * @throws IOException for whatever else fails, with what was to be done
     */
    <T> T call(String what, String key, Supplier<T> call) throws IOException {
        try {
            return call.get();
        } catch (NoSuchKeyException | NoSuchUploadException e) {
            throw e;
        } catch (NoSuchBucketException e) {
            throw new IOException(
                    "cannot " + what + " " + where(key) + ": there is no bucket " + name
                            + "; deploy the stack, or check the bucket's name and AWS_REGION",
                    e);
        } catch (S3Exception e) {
            if (e.statusCode() == NOT_FOUND && isAnonymous(e)) {
                throw NoSuchKeyException.builder()
                        .message(e.getMessage())
                        .cause(e)
                        .build();
            }
            throw failed(what, key, e);
        } catch (SdkException | IllegalStateException | RejectedExecutionException e) {
            throw failed(what, key, e);
        }
    }

    /** The answer to a HEAD request has no body that could say what is missing. */
    private static boolean isAnonymous(S3Exception e) {
        return e.awsErrorDetails() == null
                || e.awsErrorDetails().errorCode() == null
                || e.awsErrorDetails().errorCode().equals(Integer.toString(NOT_FOUND));
    }

    private IOException failed(String what, String key, Exception e) {
        return new IOException("cannot " + what + " " + where(key) + ": " + Advice.on(e), e);
    }
}
