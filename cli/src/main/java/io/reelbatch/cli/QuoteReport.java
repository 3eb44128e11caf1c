package io.reelbatch.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.domain.json.Json;
import io.reelbatch.domain.plan.QuoteKey;
import io.reelbatch.domain.planning.QuotedEstimate;
import io.reelbatch.domain.planning.QuotedEstimate.Line;
import io.reelbatch.domain.planning.QuotedEstimate.Sum;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Table prices beside the provider's quotes, for people and for programs. */
final class QuoteReport {
    private final QuotedEstimate estimate;

    QuoteReport(QuotedEstimate estimate) {
        this.estimate = estimate;
    }

    /** A row a model, one below it for each of its distinct requests where there are several, and the total. */
    void print(PrintStream out) {
        row(out, "model", "jobs", "table", "quote", "drift");
        for (Sum model : estimate.byModel()) {
            List<Line> lines = estimate.lines().stream()
                    .filter(line -> line.model().equals(model.model()))
                    .toList();
            row(out, model.model() + (lines.get(0).guessed() ? " (a guess)" : ""), model);
            lines.forEach(line -> print(out, line, lines.size() > 1));
        }
        row(out, "total", estimate.total());
    }

    private static void print(PrintStream out, Line line, boolean several) {
        if (several) {
            row(
                    out,
                    "  " + parameters(line),
                    String.valueOf(line.jobs()),
                    Money.usd(line.table()),
                    line.quote().map(Money::usd).orElse("-"),
                    percent(line.quote().flatMap(quote -> QuotedEstimate.drift(line.table(), quote))));
        }
        Quotes.trouble(line).ifPresent(why -> out.println("  no quote, counted by the table: " + why));
    }

    private static void row(PrintStream out, String name, Sum sum) {
        row(
                out,
                name,
                String.valueOf(sum.jobs()),
                Money.usd(sum.table()),
                sum.quoted() == 0 ? "-" : Money.usd(sum.quote()),
                percent(sum.drift()));
    }

    private static void row(PrintStream out, String name, String jobs, String table, String quote, String drift) {
        out.printf(Locale.ROOT, "%-46s %5s %10s %10s %9s%n", name, jobs, table, quote, drift);
    }

    private static String percent(Optional<BigDecimal> drift) {
        return drift.map(value -> (value.signum() > 0 ? "+" : "") + value.toPlainString() + " %")
                .orElse("-");
    }

    private static String parameters(Line line) {
        ObjectNode parameters = QuoteKey.parameters(line.request());
        parameters.remove("model");
        return parameters.properties().stream()
                .map(field -> field.getKey() + "="
                        + (field.getValue().isValueNode()
                                ? field.getValue().asText()
                                : field.getValue().toString()))
                .reduce((first, second) -> first + " " + second)
                .orElse("no parameters");
    }

    /** The sums over all, then the models, each with its distinct requests. */
    ObjectNode toJson() {
        ObjectNode answer = json(estimate.total());
        ArrayNode models = answer.putArray("models");
        for (Sum sum : estimate.byModel()) {
            ObjectNode model = json(sum).put("model", sum.model());
            ArrayNode requests = model.putArray("requests");
            estimate.lines().stream()
                    .filter(line -> line.model().equals(sum.model()))
                    .forEach(line -> requests.add(json(line)));
            models.add(model);
        }
        return answer;
    }

    private static ObjectNode json(Sum sum) {
        ObjectNode node = Json.mapper().createObjectNode();
        node.put("jobs", sum.jobs()).put("quoted_jobs", sum.quoted());
        node.put("table", sum.table()).put("quote", sum.quoted() == 0 ? null : sum.quote());
        return node.put("drift_percent", sum.drift().orElse(null));
    }

    private static ObjectNode json(Line line) {
        ObjectNode node = Json.mapper().createObjectNode();
        node.set("parameters", QuoteKey.parameters(line.request()));
        node.put("jobs", line.jobs()).put("table", line.table()).put("guessed", line.guessed());
        node.put("quote", line.quote().orElse(null));
        Quotes.trouble(line).ifPresent(why -> node.put("error", why));
        return node;
    }
}
