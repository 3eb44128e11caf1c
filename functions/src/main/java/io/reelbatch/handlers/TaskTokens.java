package io.reelbatch.handlers;

/** Ends the tasks that wait for a token; nothing happens if none waits for it any more. */
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
