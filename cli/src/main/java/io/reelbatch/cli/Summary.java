package io.reelbatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The table at the end of a run: what each model made and cost, and what became of the money. */
final class Summary {
    private Summary() {}

    /** The exit status that a summary stands for. */
    static int status(JsonNode summary) {
        if (summary.path("failed").asInt() == 0) {
            return ExitStatus.OK;
        }
        if (summary.path("halted").isTextual()) {
            return ExitStatus.ACCOUNT;
        }
        return summary.path("failures").has("budget") ? ExitStatus.BUDGET : ExitStatus.FAILED_JOBS;
    }

    /**
     * Prints it.
     *
     * @param folder the last line, which tells where the batch is
     * @param columns how wide the table may be; in a narrow one, models have lines of their own
     */
    static void print(PrintStream out, JsonNode summary, String folder, int columns) {
        out.println();
        table(out, rows(summary), columns);
        out.println();
        out.println("charged " + Money.usd(summary.path("charged").decimalValue()) + ", at risk "
                + Money.usd(summary.path("at_risk").decimalValue()) + ", estimated "
                + Money.usd(summary.path("estimate").decimalValue()));
        if (summary.path("reused").asInt() > 0) {
            out.println("reused " + summary.path("reused").asText() + " outputs of earlier batches: "
                    + Money.usd(summary.path("avoided").decimalValue()) + " not paid again");
        }
        if (summary.path("halted").isTextual()) {
            out.println(summary.path("halted").asText());
        }
        out.println(folder);
    }

    private record Row(String model, String numbers) {
        static Row of(String model, String jobs, String stored, String failed, String cost) {
            return new Row(model, String.format(Locale.ROOT, " %5s %7s %7s %10s", jobs, stored, failed, cost));
        }
    }

    private static List<Row> rows(JsonNode summary) {
        List<Row> rows = new ArrayList<>();
        rows.add(Row.of("model", "jobs", "stored", "failed", "cost"));
        for (JsonNode model : summary.path("by_model")) {
            Row row = row(model.path("model").asText(), model.path("jobs"), model);
            rows.add(
                    model.path("price_guessed").asBoolean() ? new Row(row.model(), row.numbers() + "   a guess") : row);
        }
        rows.add(row("total", summary.path("total_jobs"), summary));
        return rows;
    }

    private static Row row(String name, JsonNode jobs, JsonNode counts) {
        return Row.of(
                name,
                jobs.asText(),
                counts.path("successful").asText(),
                counts.path("failed").asText(),
                Money.usd(counts.path("total_cost").decimalValue()));
    }

    private static void table(PrintStream out, List<Row> rows, int columns) {
        int widest = rows.stream().mapToInt(row -> row.model().length()).max().orElse(0);
        boolean narrow = rows.stream().anyMatch(row -> widest + row.numbers().length() > columns);
        int first = narrow ? 6 : widest;
        for (Row row : rows) {
            if (row.model().length() > first) {
                out.println(row.model());
            }
            String name = row.model().length() > first ? "" : row.model();
            out.println(name + " ".repeat(first - name.length()) + row.numbers());
        }
    }
}
