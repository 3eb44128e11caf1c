package io.reelbatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
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

    static void print(PrintStream out, JsonNode summary, String folder) {
        out.println();
        row(out, "model", "jobs", "stored", "failed", "cost", "");
        for (JsonNode model : summary.path("by_model")) {
            row(
                    out,
                    model.path("model").asText(),
                    model.path("jobs").asText(),
                    model.path("successful").asText(),
                    model.path("failed").asText(),
                    Money.usd(model.path("total_cost").decimalValue()),
                    model.path("price_guessed").asBoolean() ? "   a guess" : "");
        }
        row(
                out,
                "total",
                summary.path("total_jobs").asText(),
                summary.path("successful").asText(),
                summary.path("failed").asText(),
                Money.usd(summary.path("total_cost").decimalValue()),
                "");
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

    private static void row(
            PrintStream out, String model, String jobs, String stored, String failed, String cost, String note) {
        out.printf(Locale.ROOT, "%-46s %5s %7s %7s %10s%s%n", model, jobs, stored, failed, cost, note);
    }
}
