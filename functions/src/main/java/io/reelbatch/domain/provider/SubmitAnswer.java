package io.reelbatch.domain.provider;

import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The result of one submit. Only {@link Lost} leaves open whether the provider accepted it, and so whether it costs
 * money.
 */
public sealed interface SubmitAnswer {

    /**
     * The provider accepted the request: its price is reserved on the account.
     *
     * @param predictionId the name to poll; absent only when {@code outputs} are already here
     * @param pollUrl where the provider asks to be polled, only if that is on its own host
     * @param outputs URLs or {@code data:} URIs, not empty when the generation is already done
     * @param price what the provider settled, USD, if it says so
     */
    record Accepted(
            Optional<String> predictionId, Optional<URI> pollUrl, List<String> outputs, Optional<BigDecimal> price)
            implements SubmitAnswer {
        public Accepted {
            outputs = List.copyOf(outputs);
            if (predictionId.isEmpty() && outputs.isEmpty()) {
                throw new IllegalArgumentException("an accepted submit has an id or outputs");
            }
        }
    }

    /**
     * The rate limit turned it away (429): certainly not accepted.
     *
     * @param retryAfter how long the provider asks to wait, if it says so
     */
    record Throttled(Optional<Duration> retryAfter, String message) implements SubmitAnswer {}

    /** No connection came about, so nothing was sent: certainly not accepted. */
    record NotSent(String message) implements SubmitAnswer {}

    /** The provider answered that it does not accept it. */
    record Refused(ProviderError error) implements SubmitAnswer {}

    /** Sent, and no answer that tells: accepted or not is unknown. */
    record Lost(String message) implements SubmitAnswer {}
}
