package io.reelbatch.engine.asl;

/** Takes what is wrong with a definition, as it is found. */
@FunctionalInterface
public interface Problems {
    /**
     * Takes one problem.
     *
     * @param path the JSON path of the offending field
     */
    void add(String path, String message);
}
