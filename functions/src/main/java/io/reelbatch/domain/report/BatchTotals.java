package io.reelbatch.domain.report;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.reelbatch.domain.job.JobRecord;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Sums over the jobs of a batch, in all and by model. */
public final class BatchTotals {
    private final Map<String, ModelTotals> models = new LinkedHashMap<>();
    private final Map<String, Integer> failures = new TreeMap<>();
    private ModelTotals all = ModelTotals.none("", "", false);

    /** Takes in one job. */
    public void add(JobRecord job, JobResult result) {
        all = all.plus(job, result);
        models.merge(
                result.model() + " " + result.type(),
                ModelTotals.none(result.model(), result.type(), result.priceGuessed())
                        .plus(job, result),
                ModelTotals::plus);
        result.reason().ifPresent(reason -> failures.merge(reason, 1, Integer::sum));
    }

    /** Over all jobs; its model and type are empty. */
    public ModelTotals all() {
        return all;
    }

    /** A row a model and type, in the order in which they first came. */
    public List<ModelTotals> byModel() {
        return new ArrayList<>(models.values());
    }

    /** How many jobs failed for each reason. */
    public Map<String, Integer> failures() {
        return Map.copyOf(failures);
    }

    /**
     * Sums over some jobs, money in USD.
     *
     * @param totalCost charged for jobs that succeeded
     * @param charged charged in all
     * @param atRisk may have been charged without a result
     * @param reused jobs whose outputs were copied from an earlier batch
     * @param avoided what those would have cost
     * @param estimate expected before the start
     * @param generationSeconds summed over the jobs that were generated
     */
    @JsonNaming(SnakeCaseStrategy.class)
    public record ModelTotals(
            String model,
            String type,
            boolean priceGuessed,
            int jobs,
            int successful,
            int failed,
            BigDecimal estimate,
            BigDecimal totalCost,
            BigDecimal charged,
            BigDecimal atRisk,
            int reused,
            BigDecimal avoided,
            BigDecimal generationSeconds) {

        static ModelTotals none(String model, String type, boolean guessed) {
            BigDecimal zero = BigDecimal.ZERO;
            return new ModelTotals(model, type, guessed, 0, 0, 0, zero, zero, zero, zero, 0, zero, zero);
        }

        ModelTotals plus(JobRecord job, JobResult result) {
            int success = result.status().equals("success") ? 1 : 0;
            return plus(new ModelTotals(
                    model,
                    type,
                    priceGuessed,
                    1,
                    success,
                    1 - success,
                    job.plan().price(),
                    result.cost(),
                    result.charged(),
                    result.atRisk(),
                    result.reusedFrom().isPresent() ? 1 : 0,
                    result.avoided(),
                    result.generationTime().orElse(BigDecimal.ZERO)));
        }

        ModelTotals plus(ModelTotals other) {
            return new ModelTotals(
                    model,
                    type,
                    priceGuessed,
                    jobs + other.jobs,
                    successful + other.successful,
                    failed + other.failed,
                    estimate.add(other.estimate),
                    totalCost.add(other.totalCost),
                    charged.add(other.charged),
                    atRisk.add(other.atRisk),
                    reused + other.reused,
                    avoided.add(other.avoided),
                    generationSeconds.add(other.generationSeconds));
        }
    }
}
