package io.reelbatch.domain.plan;

/**
 * An input image that another job of the batch makes. Until then the request holds a marker in place of its address.
 *
 * @param param the request's parameter that takes it
 * @param job index of the job that makes it
 */
public record SourceImage(String param, int job) {
    /** The placeholder in the request until the other job is done. */
    public String marker() {
        return "job:" + job;
    }
}
