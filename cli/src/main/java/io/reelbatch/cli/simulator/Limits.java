package io.reelbatch.cli.simulator;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What the account may do.
 *
 * @param concurrent most generations at once; a submit beyond it is answered 429
 * @param submitsPerSecond rate at which the bucket of submits refills; a submit that finds it empty is answered 429.
 *     Refused submits take nothing from the bucket
 * @param burst size of the bucket, at least 1
 * @param retryAfter sent as {@code Retry-After}, in whole seconds, with every 429; the real provider sends none
 * @param balance USD to spend; a submit that would exceed it is answered 402. The price of a failed generation comes back
 */
public record Limits(
        OptionalInt concurrent,
        OptionalDouble submitsPerSecond,
        int burst,
        Optional<Duration> retryAfter,
        Optional<BigDecimal> balance) {

    /** No limits. */
    public static Limits none() {
        return new Limits(OptionalInt.empty(), OptionalDouble.empty(), 1, Optional.empty(), Optional.empty());
    }

    public Limits withConcurrent(int most) {
        return new Limits(OptionalInt.of(most), submitsPerSecond, burst, retryAfter, balance);
    }

    /** Refills {@code perSecond} submits a second, up to {@code burst} of them. */
    public Limits withRate(double perSecond, int bucket) {
        return new Limits(concurrent, OptionalDouble.of(perSecond), bucket, retryAfter, balance);
    }

    public Limits withRetryAfter(Duration wait) {
        return new Limits(concurrent, submitsPerSecond, burst, Optional.of(wait), balance);
    }

    public Limits withBalance(BigDecimal usd) {
        return new Limits(concurrent, submitsPerSecond, burst, retryAfter, Optional.of(usd));
    }
}
