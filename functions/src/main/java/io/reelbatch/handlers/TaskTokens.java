package io.reelbatch.handlers;

/** Ends the tasks that wait for a token. */
@FunctionalInterface
public interface TaskTokens {
    /**
     * Goes on with the task of that token; nothing happens if none waits for it any more.
     *
     * @param output JSON, the task's result
     */
    void succeed(String token, String output);
}
