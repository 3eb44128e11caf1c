package io.reelbatch.domain.plan;

/**
 * An input image that is ours to hand over. Where it belongs, the request holds its marker instead of an address.
 *
 * @param param the request's parameter that takes it
 * @param key of the object that holds it
 * @param sha256 of its bytes, lower-case hex
 * @param bytes its length
 */
public record InputImage(String param, String key, String sha256, String contentType, long bytes) {
    /** What stands in the request until the image is handed over. */
    public String marker() {
        return "object:" + key;
    }
}
