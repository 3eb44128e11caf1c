package io.reelbatch.domain.job;

/** Where a job stands. */
public enum JobState {
    /** Decided, nothing sent. */
    PLANNED,
    /** A submit may be on its way; its price is reserved. */
    SUBMITTING,
    /** Accepted by the provider; the prediction id is known. */
    SUBMITTED,
    /** The provider says it is done; the output is not here yet. */
    GENERATED,
    /** The verified output is in the object store. */
    STORED,
    /** Ended without an output, for a reason that the record names. */
    FAILED,
    /** A submit was sent and its answer lost: it may have been accepted and may be charged. */
    UNKNOWN;

    /** Whether nothing more happens to the job in this execution. */
    public boolean isEnd() {
        return this == STORED || this == FAILED;
    }
}
