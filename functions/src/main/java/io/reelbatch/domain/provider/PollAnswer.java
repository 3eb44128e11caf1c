package io.reelbatch.domain.provider;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What one poll of a prediction says. Only {@link Generated} and {@link GenerationFailed} end a prediction. */
public sealed interface PollAnswer {

    /**
     * Not done yet.
     *
     * @param status the provider's word for it, known or not
     */
    record Pending(String status) implements PollAnswer {}

    /**
     * Done.
     *
     * @param outputs URLs or {@code data:} URIs, at least one
     * @param price what the provider settled, USD, if it says so
     * @param took from the acceptance to the end, or at least how long the model ran, if it says so
     */
    record Generated(List<String> outputs, Optional<BigDecimal> price, Optional<Duration> took) implements PollAnswer {
        public Generated {
            outputs = List.copyOf(outputs);
            if (outputs.isEmpty()) {
                throw new IllegalArgumentException("a generated prediction has outputs");
            }
        }
    }

    /**
     * The provider ended it without a result and releases its price.
     *
     * @param message what the provider says about it
     * @param isFinal whether trying again would end the same way
     * @param moderated whether its moderation refused the prompt or the result; then {@code isFinal} too
     */
    record GenerationFailed(String message, boolean isFinal, boolean moderated) implements PollAnswer {}

    /** The provider does not know the id: normal within about 30 s after the submit. */
    record NotVisible(String message) implements PollAnswer {}

    /**
     * No answer that tells: says nothing about the prediction; ask again later.
     *
     * @param retryAfter how long the provider asks to wait, if it says so
     */
    record Unavailable(String message, Optional<Duration> retryAfter) implements PollAnswer {}

    /** The provider refuses to tell: the key, the balance, or access. The prediction itself may go on. */
    record Refused(ProviderError error) implements PollAnswer {}
}
