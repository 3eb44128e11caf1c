package io.reelbatch.engine;

/**
 * One thing that is wrong with a definition.
 *
 * @param path the JSON path of the offending field, such as {@code $.States.Submit.Retry[0].ErrorEquals}
 * @param message what is wrong there, as one sentence
 */
public record Problem(String path, String message) {
    @Override
    public String toString() {
        return path + ": " + message;
    }
}
