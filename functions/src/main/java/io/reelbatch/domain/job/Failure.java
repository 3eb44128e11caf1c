package io.reelbatch.domain.job;

/**
 * Why a job ended without an output.
 *
 * @param reason one of the fixed words of {@link Reason}
 * @param message one sentence for people, with what to do where there is something to do; never holds a secret
 * @param reached the furthest state before it failed: tells {@code retry} whether to poll, to download or to submit
 */
public record Failure(Reason reason, String message, JobState reached) {}
