package io.reelbatch.domain.job;

import java.util.Locale;

/** The closed list of reasons for which a job fails. */
public enum Reason {
    /** The provider refused the request's content: bad parameters, no such model, region, too large. */
    REFUSED,
    /** The provider's moderation refused the prompt or the result; asking again gives the same answer. */
    MODERATED,
    /** The provider reported the generation as failed, as often as the job allows. */
    GENERATION_FAILED,
    /** A job that it takes its image from failed. */
    SOURCE_FAILED,
    /** The provider kept answering submits with server errors. */
    PROVIDER_ERROR,
    /** The provider refused the key or the account: nothing else would work either. */
    ACCOUNT_REFUSED,
    /** The account's balance does not cover the job. */
    OUT_OF_BALANCE,
    /** The budget does not cover the job. */
    BUDGET,
    /** The answer to a submit was lost, and it may not be sent again. */
    UNKNOWN_SUBMIT,
    /** The job's timeout passed while the provider was still generating; its price is at risk, its id is kept. */
    WAIT_EXPIRED,
    /** Throttled for longer than the job's {@code max_queue_wait}. */
    QUEUE_EXPIRED,
    /** Generated, but its output could not be fetched or did not verify. */
    DOWNLOAD_FAILED,
    /** The execution ended before the job did: stopped, timed out or broken. */
    INTERRUPTED,
    /** Something of ours broke; the message has it. */
    INTERNAL;

    /** The word in records, the manifest and {@code docs/errors.md}, such as {@code wait_expired}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
