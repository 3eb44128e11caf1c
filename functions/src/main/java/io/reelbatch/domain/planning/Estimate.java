package io.reelbatch.domain.planning;

import io.reelbatch.domain.catalog.Price;
import java.math.BigDecimal;
import java.util.List;

/**
 * What a batch should cost.
 *
 * @param total sum of all jobs, USD, exact
 * @param models by model, in the order the config names them first
 */
public record Estimate(BigDecimal total, List<ModelEstimate> models) {
    public Estimate {
        models = List.copyOf(models);
    }

    /**
     * The share of one model.
     *
     * @param model its id
     * @param jobs how many jobs use it
     * @param cost sum of their prices, USD, exact
     * @param price where the figures come from: unit, source, date, whether it is a guess
     */
    public record ModelEstimate(String model, int jobs, BigDecimal cost, Price price) {}
}
