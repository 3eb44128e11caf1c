package io.reelbatch.domain.job;

import java.math.BigDecimal;

/**
 * Where the outputs of a job come from that was not paid for.
 *
 * @param batchId the batch that paid for them
 * @param avoided USD that the job would have cost
 */
public record Reused(String batchId, BigDecimal avoided) {}
