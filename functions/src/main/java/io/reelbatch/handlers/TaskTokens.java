package io.reelbatch.handlers;

/** Completes tasks that wait for a token. Does nothing if no task waits for it any more. */
public interface TaskTokens {
    /**
     * Goes on with the task of that token.
     *
     * @param output JSON, the task's result
     */
    void succeed(String token, String output);

    /** Ends it with an error, for its Catch. */
    void fail(String token, String error, String cause);
}
