package io.reelbatch.domain.job;

/**
 * A verified output in the object store.
 *
 * @param path under the batch's output folder, such as {@code images/hero_shot.png}
 * @param bytes length
 * @param sha256 of the content, lower-case hex
 * @param contentType what the bytes say they are
 */
public record StoredOutput(String path, long bytes, String sha256, String contentType) {}
