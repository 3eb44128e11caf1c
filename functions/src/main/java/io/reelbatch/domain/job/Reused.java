package io.reelbatch.domain.job;

import java.math.BigDecimal;

/**
 * The origin of a job's outputs that were copied instead of paid for.
 *
 * @param batchId the batch that paid for them
 * @param avoided USD that the job would have cost
 */
public record Reused(String batchId, BigDecimal avoided) {}
