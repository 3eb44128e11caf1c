package io.reelbatch.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.domain.json.Json;
import io.reelbatch.domain.planning.Estimate;
import io.reelbatch.domain.planning.Estimate.ModelEstimate;
import io.reelbatch.domain.planning.Plan;
import io.reelbatch.domain.planning.QuotedEstimate;
import io.reelbatch.domain.provider.ProviderError;
import java.io.IOException;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code reelbatch estimate}. */
@Command(
        name = "estimate",
        description = "Says what a config should cost, before anything is paid.",
        footerHeading = "%nExamples:%n",
        footer = {"  reelbatch estimate examples/weekly.yaml", "  reelbatch estimate --quote launch.yaml"})
final class EstimateCommand implements Callable<Integer> {
    @Parameters(paramLabel = "CONFIG", description = "YAML or JSON file")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path config;

    @Option(names = "--json", description = "one JSON object on stdout")
    private boolean json;

    @Option(
            names = "--quote",
            description = "also ask the provider what it would charge; needs an API key, creates and costs nothing")
    private boolean quote;

    @Override
    @SuppressWarnings("SystemOut") // the answer goes to stdout
    public Integer call() throws IOException {
        Plan plan = ConfigFile.read(config).plan();
        return quote
                ? quoted(plan, Provider.choose(System.getenv(), Path.of("")), json, System.out)
                : told(plan, Optional.empty(), json, System.out);
    }

    /** Asks the provider too, and tells what it said. */
    @SuppressWarnings("SystemOut") // why there is no answer goes to stderr
    static int quoted(Plan plan, Provider provider, boolean json, PrintStream out) throws IOException {
        QuotedEstimate estimate = Quotes.ask(provider, plan);
        Optional<ProviderError> refused = Quotes.refusedAccount(estimate);
        if (refused.isPresent()) {
            System.err.println("reelbatch: " + refused.get().advise());
            return ExitStatus.ACCOUNT;
        }
        return told(plan, Optional.of(estimate), json, out);
    }

    private static int told(Plan plan, Optional<QuotedEstimate> quotes, boolean json, PrintStream out)
            throws JsonProcessingException {
        if (json) {
            out.println(toJson(plan, quotes));
        } else {
            print(plan, quotes, out);
        }
        return exceedsBudget(plan)
                        || quotes.map(estimate -> exceeds(plan, estimate.higher()))
                                .orElse(false)
                ? ExitStatus.BUDGET
                : ExitStatus.OK;
    }

    static boolean exceedsBudget(Plan plan) {
        return exceeds(plan, plan.estimate().total());
    }

    /** Whether the batch may not start, which is then said. */
    static boolean refusedByBudget(Plan plan, Terminal terminal) {
        if (!exceedsBudget(plan)) {
            return false;
        }
        String sentence = "The estimate of " + Money.usd(plan.estimate().total()) + " exceeds the budget of "
                + Money.usd(plan.settings().budget().orElseThrow())
                + ". Nothing was submitted. Raise `budget` or remove jobs.";
        terminal.say(sentence);
        terminal.answer(Json.mapper().createObjectNode().put("error", sentence), ExitStatus.BUDGET);
        return true;
    }

    private static boolean exceeds(Plan plan, BigDecimal amount) {
        Optional<BigDecimal> budget = plan.settings().budget();
        return budget.isPresent() && amount.compareTo(budget.get()) > 0;
    }

    private static void print(Plan plan, Optional<QuotedEstimate> quotes, PrintStream out) {
        if (quotes.isPresent()) {
            new QuoteReport(quotes.get()).print(out);
        } else {
            print(plan, out);
        }
        plan.warnings().forEach(warning -> out.println("warning: " + warning));
        if (exceedsBudget(plan)) {
            out.println("This exceeds the budget of "
                    + Money.usd(plan.settings().budget().orElseThrow()) + ": `run` would refuse it.");
        } else if (quotes.map(estimate -> exceeds(plan, estimate.higher())).orElse(false)) {
            out.println("With the quotes this exceeds the budget of "
                    + Money.usd(plan.settings().budget().orElseThrow())
                    + ": `run` would stop submitting when it is reached.");
        }
    }

    private static void print(Plan plan, PrintStream out) {
        Estimate estimate = plan.estimate();
        for (ModelEstimate model : estimate.models()) {
            out.printf(
                    Locale.ROOT,
                    "%-46s %5d %-4s %10s   %s%n",
                    model.model(),
                    model.jobs(),
                    model.jobs() == 1 ? "job" : "jobs",
                    Money.usd(model.cost()),
                    model.price().guessed()
                            ? "a guess: no price is known"
                            : model.price().source());
        }
        out.printf(Locale.ROOT, "%-46s %5d jobs %10s%n", "total", plan.jobs().size(), Money.usd(estimate.total()));
    }

    private static String toJson(Plan plan, Optional<QuotedEstimate> quotes) throws JsonProcessingException {
        ObjectNode answer = Json.mapper().createObjectNode();
        answer.put("total", plan.estimate().total());
        answer.put("jobs", plan.jobs().size());
        answer.set("models", Json.mapper().valueToTree(plan.estimate().models()));
        answer.set("warnings", Json.mapper().valueToTree(plan.warnings()));
        quotes.ifPresent(estimate -> answer.set("quotes", new QuoteReport(estimate).toJson()));
        return Json.mapper().writeValueAsString(answer);
    }
}
