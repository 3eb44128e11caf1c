package io.reelbatch.domain.notify;

import java.time.Duration;
import java.util.Optional;

/** The result of one attempt to deliver a notice. */
public sealed interface Delivery {
    /** The receiver took it. */
    record Done() implements Delivery {}

    /**
     * Not taken this time.
     *
     * @param why in one line, without the address's path or query, which may hold a secret
     * @param retryAfter what the receiver asked for
     */
    record Later(String why, Optional<Duration> retryAfter) implements Delivery {}

    /**
     * Not to be tried again.
     *
     * @param why in one line
     */
    record Never(String why) implements Delivery {}
}
