package io.reelbatch.domain.job;

import java.util.Locale;

/** The closed list of reasons for which a job fails. */
public enum Reason {
    /** The provider refused the request's content: bad parameters, no such model, region, too large. */
    REFUSED(
            "the provider refused the request: bad parameters, no such model, not allowed, not in this region, too large",
            "nothing charged",
            "correct what the message names, then `reelbatch retry`"),
    /** The provider's moderation refused the prompt or the result; asking again gives the same answer. */
    MODERATED(
            "the provider's moderation refused the prompt, an input image or the result; it would do so again",
            "nothing charged",
            "change the prompt or the image"),
    /** The provider reported the generation as failed, as often as the job allows. */
    GENERATION_FAILED(
            "the provider reported the generation as failed, as often as the job's `retries` allow, or said that it is final",
            "nothing charged: the provider releases it each time",
            "`reelbatch retry`; if it fails again, simplify the prompt or take another model"),
    /** A job that it takes its image from failed. */
    SOURCE_FAILED(
            "a job that it takes its image from failed; the message names it",
            "nothing charged",
            "whatever helps that job, then `reelbatch retry`: it runs both again"),
    /** The provider kept answering submits with server errors. */
    PROVIDER_ERROR(
            "the provider answered the submit with a server error three times",
            "nothing charged",
            "`reelbatch retry` later"),
    /** The provider refused the key or the account: nothing else would work either. */
    ACCOUNT_REFUSED(
            "the provider refused the key (exit status 5); nothing more is submitted",
            "nothing charged, or at risk if it was already generating: its id is kept",
            "check `ATLASCLOUD_API_KEY` and `ATLASCLOUD_BASE_URL`, then `reelbatch retry`"),
    /** The account's balance does not cover the job. */
    OUT_OF_BALANCE(
            "the account's balance is used up (exit status 5); nothing more is submitted",
            "nothing charged, or at risk if it was already generating: its id is kept",
            "top up the account, then `reelbatch retry`"),
    /** The budget does not cover the job. */
    BUDGET(
            "the batch's `budget` does not cover it; what was under way was finished",
            "nothing charged",
            "`reelbatch retry DIR --budget USD` with a higher one"),
    /** The answer to a submit was lost, and it may not be sent again. */
    UNKNOWN_SUBMIT(
            "the answer to the submit was lost, and it may not or could not be sent again",
            "at risk",
            "look for it in the provider's console; `reelbatch retry` sends it again"),
    /** The job's timeout passed while the provider was still generating; its price is at risk, its id is kept. */
    WAIT_EXPIRED(
            "still generating when the job's `timeout` was over; its id is kept",
            "at risk",
            "`reelbatch retry` asks for it again and does not pay again"),
    /** Throttled for longer than the job's {@code max_queue_wait}. */
    QUEUE_EXPIRED(
            "put off by the rate limit, or without a connection, for longer than `max_queue_wait`",
            "nothing charged",
            "lower `max_workers` or raise `max_queue_wait`, then `reelbatch retry`"),
    /** Generated, but its output could not be fetched or did not verify. */
    DOWNLOAD_FAILED(
            "generated, but its output could not be fetched, or is no image, video or sound",
            "charged",
            "`reelbatch retry` fetches it and does not pay again"),
    /** The execution ended before the job did: stopped, timed out or broken. */
    INTERRUPTED(
            "the batch's execution was stopped, timed out or broke before the job ended; what was ready was fetched",
            "nothing charged if it was not submitted; at risk if it was being generated: its id is kept",
            "`reelbatch retry` goes on where it got; a job that is being generated is asked for again and not paid again"),
    /** An error in reelbatch itself; the message says which. */
    INTERNAL(
            "something of ours broke; the message has it",
            "as the ledger says",
            "`reelbatch retry`; report it with the message");

    private final String whatHappened;
    private final String money;
    private final String whatToDo;

    Reason(String whatHappened, String money, String whatToDo) {
        this.whatHappened = whatHappened;
        this.money = money;
        this.whatToDo = whatToDo;
    }

    /** For people, as in {@code docs/errors.md}; {@code `names`} are in backticks. */
    public String whatHappened() {
        return whatHappened;
    }

    /** What became of the job's price, for people. */
    public String money() {
        return money;
    }

    /** What the user can do, for people; {@code `names`} are in backticks. */
    public String whatToDo() {
        return whatToDo;
    }

    /** The word in records, the manifest and {@code docs/errors.md}, such as {@code wait_expired}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
