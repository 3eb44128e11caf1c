package io.reelbatch.domain.store;

/**
 * Where the files of one batch lie in the object store. On one machine the same tree is the output folder.
 *
 * @param batchId the batch
 */
public record BatchFolder(String batchId) {
    /** Under which everything of the batch lies. */
    public String prefix() {
        return "batches/" + batchId + "/";
    }

    /** Key of a file meant for the user, such as {@code images/hero_shot.png}. */
    public String visible(String path) {
        return prefix() + path;
    }

    /** Key of a file that only the pipeline needs. */
    public String internal(String path) {
        return prefix() + ".reelbatch/" + path;
    }

    /** The jobs still to run, a line each: what the Distributed Map reads. */
    public String items() {
        return internal("items.jsonl");
    }

    /** Where the Distributed Map puts its results. */
    public String mapResults() {
        return prefix() + ".map/";
    }
}
