package io.reelbatch.domain.job;

/** The state of one submit, and so of its price. */
public enum AttemptState {
    /** Being sent: the price is reserved. */
    SENDING,
    /** Accepted and generating: the price is reserved. */
    ACCEPTED,
    /** Certainly not accepted: costs nothing. */
    REFUSED,
    /** Sent, answer lost: the price is at risk. */
    UNKNOWN,
    /** Generated: the price is charged. */
    SUCCEEDED,
    /** The provider reports the generation as failed and releases the price. */
    FAILED,
    /** We stopped waiting before the provider ended it: the price is at risk. */
    EXPIRED;

    /** Whether its outcome is final. */
    public boolean isSettled() {
        return this == SUCCEEDED || this == FAILED;
    }
}
