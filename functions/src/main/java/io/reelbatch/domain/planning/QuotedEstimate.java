package io.reelbatch.domain.planning;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.domain.catalog.Price;
import io.reelbatch.domain.plan.PlannedJob;
import io.reelbatch.domain.plan.QuoteKey;
import io.reelbatch.domain.provider.Answer;
import io.reelbatch.domain.provider.Quote;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a batch should cost by the table and by the provider's quotes.
 *
 * @param lines one for each distinct request, in the order in which the config names them first
 */
public record QuotedEstimate(List<Line> lines) {
    public QuotedEstimate {
        lines = List.copyOf(lines);
    }

    /**
     * Requests that have one price in common.
     *
     * @param request one of them, as it is sent
     * @param jobs how many there are
     * @param table what the table says for all of them, USD
     * @param guessed whether the table has no price for the model
     * @param answer what the provider said to one of them, once it was asked
     */
    public record Line(
            String model,
            ObjectNode request,
            int jobs,
            BigDecimal table,
            boolean guessed,
            Optional<Answer<Quote>> answer) {

        /** What the provider would charge for all of them, USD, if it said so. */
        public Optional<BigDecimal> quote() {
            return answer.flatMap(Answer::toOptional).map(one -> one.price().multiply(BigDecimal.valueOf(jobs)));
        }

        /** The same, with what the provider answered. */
        public Line answered(Answer<Quote> what) {
            return new Line(model, request, jobs, table, guessed, Optional.of(what));
        }

        private Line plus(PlannedJob job) {
            return new Line(model, request, jobs + 1, table.add(job.price()), guessed, answer);
        }
    }

    /**
     * Sums over lines.
     *
     * @param model its id; empty over all
     * @param table by the table, USD
     * @param quote by the quotes, USD, where there are any; the table's price fills in for jobs without one
     * @param quoted how many of the jobs have a quote
     */
    public record Sum(String model, int jobs, BigDecimal table, BigDecimal quote, int quoted) {

        /** How much the quotes are above the table, in percent, to one decimal; empty where there is nothing to compare. */
        public Optional<BigDecimal> drift() {
            return quoted == 0 ? Optional.empty() : QuotedEstimate.drift(table, quote);
        }

        private static Sum of(Line line) {
            return new Sum(
                    line.model(),
                    line.jobs(),
                    line.table(),
                    line.quote().orElse(line.table()),
                    line.quote().isPresent() ? line.jobs() : 0);
        }

        private Sum plus(String name, Sum other) {
            return new Sum(
                    name, jobs + other.jobs, table.add(other.table), quote.add(other.quote), quoted + other.quoted);
        }

        private Sum tidy() {
            return new Sum(model, jobs, Price.tidy(table), Price.tidy(quote), quoted);
        }
    }

    /** The distinct requests of a plan, nobody asked yet. */
    public static QuotedEstimate of(Plan plan) {
        Map<QuoteKey, Line> lines = new LinkedHashMap<>();
        for (PlannedJob job : plan.jobs()) {
            lines.merge(
                    QuoteKey.of(job),
                    new Line(job.model(), job.request(), 1, job.price(), job.priceGuessed(), Optional.empty()),
                    (known, one) -> known.plus(job));
        }
        return new QuotedEstimate(List.copyOf(lines.values()));
    }

    /** A row a model, in the order of the lines. */
    public List<Sum> byModel() {
        Map<String, Sum> sums = new LinkedHashMap<>();
        lines.forEach(
                line -> sums.merge(line.model(), Sum.of(line), (known, added) -> known.plus(known.model(), added)));
        return sums.values().stream().map(Sum::tidy).toList();
    }

    /** Over all models. */
    public Sum total() {
        return lines.stream()
                .map(Sum::of)
                .reduce(new Sum("", 0, BigDecimal.ZERO, BigDecimal.ZERO, 0), (all, line) -> all.plus("", line))
                .tidy();
    }

    /** USD that a budget must hold at least: of table and quote the higher for each request. */
    public BigDecimal higher() {
        return Price.tidy(lines.stream()
                .map(line -> line.quote().orElse(line.table()).max(line.table()))
                .reduce(BigDecimal.ZERO, BigDecimal::add));
    }

    /** How much {@code quote} is above {@code table}, in percent, to one decimal; empty for a table price of 0. */
    public static Optional<BigDecimal> drift(BigDecimal table, BigDecimal quote) {
        return table.signum() == 0
                ? Optional.empty()
                : Optional.of(quote.subtract(table).movePointRight(2).divide(table, 1, RoundingMode.HALF_UP));
    }
}
