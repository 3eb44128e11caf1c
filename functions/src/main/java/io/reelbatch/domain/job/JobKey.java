package io.reelbatch.domain.job;

/**
 * Names one job's record.
 *
 * @param batchId the batch, also the name of its first execution
 * @param index position in the config, from 0
 */
public record JobKey(String batchId, int index) {
    @Override
    public String toString() {
        return batchId + "/" + index;
    }
}
