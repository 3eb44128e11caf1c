package io.reelbatch.domain.provider;

import java.time.Duration;
import java.util.Optional;

/** The result of a call that costs nothing: an upload, a quote, the balance, the list of models. */
public sealed interface Answer<T> {

    /** It worked. */
    record Ok<T>(T value) implements Answer<T> {}

    /** The provider refuses: asking again gives the same answer unless the error is retryable. */
    record Refused<T>(ProviderError error) implements Answer<T> {}

    /**
     * No usable answer: ask again later, or do without.
     *
     * @param retryAfter how long the provider asks to wait, if it says so
     */
    record Unavailable<T>(String message, Optional<Duration> retryAfter) implements Answer<T> {}

    /** The value, if it worked. */
    default Optional<T> toOptional() {
        return this instanceof Ok<T> ok ? Optional.of(ok.value()) : Optional.empty();
    }
}
