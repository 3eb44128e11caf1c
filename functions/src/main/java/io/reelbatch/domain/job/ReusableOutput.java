package io.reelbatch.domain.job;

import java.util.List;

/**
 * Outputs that a later job with the same request can copy.
 *
 * @param batchId the batch that paid for them
 * @param files at least one, in the order of the generation
 */
public record ReusableOutput(String batchId, List<File> files) {
    public ReusableOutput {
        files = List.copyOf(files);
    }

    /**
     * One file.
     *
     * @param location where the object store finds it again
     * @param output what it was when it was stored
     */
    public record File(String location, StoredOutput output) {}
}
