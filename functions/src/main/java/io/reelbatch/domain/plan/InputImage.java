package io.reelbatch.domain.plan;

/**
 * An input image that must be uploaded first. Until then the request holds a marker in place of its address.
 *
 * @param param the request's parameter that takes it
 * @param key of the object that holds it
 * @param sha256 of its bytes, lower-case hex
 * @param bytes its length
 */
public record InputImage(String param, String key, String sha256, String contentType, long bytes) {
    /** The placeholder in the request until the image is uploaded. */
    public String marker() {
        return "object:" + key;
    }
}
