package io.reelbatch.domain.report;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.reelbatch.domain.catalog.Price;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.planning.QuotedEstimate;
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
    private final Map<String, Drift> drifts = new LinkedHashMap<>();
    private ModelTotals all = ModelTotals.none("", "", false);

    /** Takes in one job. */
    public void add(JobRecord job, JobResult result) {
        all = all.plus(job, result);
        models.merge(
                result.model() + " " + result.type(),
                ModelTotals.none(result.model(), result.type(), result.priceGuessed())
                        .plus(job, result),
                ModelTotals::plus);
        job.quote()
                .filter(quote -> quote.compareTo(job.plan().price()) != 0)
                .ifPresent(quote ->
                        drifts.merge(result.model(), new Drift(1, job.plan().price(), quote), Drift::plus));
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

    /** A sentence for each model whose quotes are not what its table price says. */
    public List<String> drift() {
        return drifts.entrySet().stream()
                .map(entry -> entry.getKey() + ": " + entry.getValue().words())
                .toList();
    }

    /** Sums over the jobs of a model whose quote is not the table's price, USD. */
    private record Drift(int jobs, BigDecimal table, BigDecimal quote) {
        Drift plus(Drift other) {
            return new Drift(jobs + other.jobs, table.add(other.table), quote.add(other.quote));
        }

        String words() {
            String percent = QuotedEstimate.drift(table, quote)
                    .map(off -> (off.signum() > 0 ? "+" : "") + off.toPlainString() + " %, ")
                    .orElse("");
            return "the provider quotes $" + Price.tidy(quote).toPlainString() + " where the price table says $"
                    + Price.tidy(table).toPlainString() + " (" + percent + (jobs == 1 ? "1 job" : jobs + " jobs")
                    + "); budget and ledger count the higher";
        }
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
