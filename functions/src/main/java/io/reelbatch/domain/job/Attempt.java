package io.reelbatch.domain.job;

import java.math.BigDecimal;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;

/**
 * One ledger entry: a submit that may cost money.
 *
 * @param number from 1, in the order sent
 * @param price reserved before sending, USD; replaced by what the provider settled where it says so
 * @param quote what the provider said before that it would charge, USD, if it was asked and said so
 * @param sentAt when the reservation was written, before the request left
 * @param leaseUntil until then whoever wrote the reservation may still be sending
 * @param predictionId the provider's name for it, once known
 * @param pollUrl where the provider asks to be polled, if it says so
 * @param endedAt when it succeeded, failed, expired or was refused
 * @param message what the provider or the network said, if it did not succeed
 */
public record Attempt(
        int number,
        AttemptState state,
        BigDecimal price,
        Optional<BigDecimal> quote,
        Instant sentAt,
        Instant leaseUntil,
        Optional<String> predictionId,
        Optional<URI> pollUrl,
        Optional<Instant> endedAt,
        Optional<String> message) {

    /** USD that are certainly spent. */
    public BigDecimal charged() {
        return state == AttemptState.SUCCEEDED ? price : BigDecimal.ZERO;
    }

    /** USD that may have been spent without a result to show. */
    public BigDecimal atRisk() {
        return state == AttemptState.UNKNOWN || state == AttemptState.EXPIRED ? price : BigDecimal.ZERO;
    }

    /** USD held back while the outcome is open. */
    public BigDecimal reserved() {
        return state == AttemptState.SENDING || state == AttemptState.ACCEPTED ? price : BigDecimal.ZERO;
    }

    /** USD that count against a budget: charged, at risk and reserved together. */
    public BigDecimal committed() {
        return charged().add(atRisk()).add(reserved());
    }

    /** Whether the provider accepted it and did not report it as failed. */
    boolean wasAccepted() {
        return state == AttemptState.ACCEPTED || state == AttemptState.SUCCEEDED || state == AttemptState.EXPIRED;
    }

    /** Whether nothing is known yet of what the provider made of it. */
    boolean isOpen() {
        return state == AttemptState.SENDING || state == AttemptState.UNKNOWN;
    }

    static Attempt sending(int number, BigDecimal price, Optional<BigDecimal> quote, Instant now, Instant leaseUntil) {
        return new Attempt(
                number,
                AttemptState.SENDING,
                price,
                quote,
                now,
                leaseUntil,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** Ended attempts keep their outcome: an id that comes late only adds to what is known. */
    Attempt accepted(Optional<String> id, Optional<URI> url) {
        boolean open = isOpen();
        return new Attempt(
                number,
                open ? AttemptState.ACCEPTED : state,
                price,
                quote,
                sentAt,
                leaseUntil,
                id,
                url,
                open ? Optional.empty() : endedAt,
                open ? Optional.empty() : message);
    }

    Attempt ended(AttemptState outcome, Instant now, String why) {
        return new Attempt(
                number,
                outcome,
                price,
                quote,
                sentAt,
                leaseUntil,
                predictionId,
                pollUrl,
                Optional.of(now),
                Optional.of(why));
    }

    Attempt succeeded(Optional<BigDecimal> settled, Instant now) {
        return new Attempt(
                number,
                AttemptState.SUCCEEDED,
                settled.orElse(price),
                quote,
                sentAt,
                leaseUntil,
                predictionId,
                pollUrl,
                Optional.of(endedAt.orElse(now)),
                Optional.empty());
    }

    Attempt awaitedAgain() {
        return new Attempt(
                number,
                AttemptState.ACCEPTED,
                price,
                quote,
                sentAt,
                leaseUntil,
                predictionId,
                pollUrl,
                Optional.empty(),
                Optional.empty());
    }
}
