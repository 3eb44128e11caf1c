package io.reelbatch.engine.asl;

import java.util.List;
import java.util.OptionalDouble;

/**
 * What a state does about errors.
 *
 * @param retriers its Retry
 * @param catchers its Catch
 */
public record Recovery(List<Retrier> retriers, List<Catcher> catchers) {

    /**
     * One retrier.
     *
     * @param interval seconds before the first retry
     * @param maxDelay the longest delay, in seconds
     * @param fullJitter whether delays are drawn between 0 and what they would be
     */
    public record Retrier(
            List<String> errorEquals,
            double interval,
            int maxAttempts,
            double backoffRate,
            OptionalDouble maxDelay,
            boolean fullJitter) {

        /** Seconds before retry number {@code attempt}, counted from 0, jitter aside. */
        public double delay(int attempt) {
            double delay = interval * Math.pow(backoffRate, attempt);
            return Math.min(delay, maxDelay.orElse(Double.MAX_VALUE));
        }
    }

    /** One catcher. */
    public record Catcher(List<String> errorEquals, Outcome outcome) {}
}
