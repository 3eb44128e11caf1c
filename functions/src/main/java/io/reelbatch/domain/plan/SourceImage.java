package io.reelbatch.domain.plan;

/**
 * An input image that another job of the batch makes. Until it is there, the request holds its marker.
 *
 * @param param the request's parameter that takes it
 * @param job index of the job that makes it
 */
public record SourceImage(String param, int job) {
    /** What stands in the request. */
    public String marker() {
        return "job:" + job;
    }
}
