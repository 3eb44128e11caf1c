package io.reelbatch.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.domain.json.Json;
import io.reelbatch.domain.planning.Estimate;
import io.reelbatch.domain.planning.Estimate.ModelEstimate;
import io.reelbatch.domain.planning.Plan;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code reelbatch estimate}. */
@Command(name = "estimate", description = "Says what a config should cost, before anything is paid.")
final class EstimateCommand implements Callable<Integer> {
    @Parameters(paramLabel = "CONFIG", description = "YAML or JSON file")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path config;

    @Option(names = "--json", description = "one JSON object on stdout")
    private boolean json;

    @Override
    @SuppressWarnings("SystemOut") // the answer goes to stdout
    public Integer call() throws IOException {
        Plan plan = ConfigFile.read(config).plan();
        if (json) {
            System.out.println(toJson(plan));
        } else {
            print(plan);
        }
        return exceedsBudget(plan) ? ExitStatus.BUDGET : ExitStatus.OK;
    }

    static boolean exceedsBudget(Plan plan) {
        Optional<BigDecimal> budget = plan.settings().budget();
        return budget.isPresent() && plan.estimate().total().compareTo(budget.get()) > 0;
    }

    @SuppressWarnings("SystemOut") // the answer goes to stdout
    private static void print(Plan plan) {
        Estimate estimate = plan.estimate();
        for (ModelEstimate model : estimate.models()) {
            System.out.printf(
                    Locale.ROOT,
                    "%-46s %5d jobs %10s   %s%n",
                    model.model(),
                    model.jobs(),
                    Money.usd(model.cost()),
                    model.price().guessed()
                            ? "a guess: no price is known"
                            : model.price().source());
        }
        System.out.printf(
                Locale.ROOT, "%-46s %5d jobs %10s%n", "total", plan.jobs().size(), Money.usd(estimate.total()));
        plan.warnings().forEach(warning -> System.out.println("warning: " + warning));
        if (exceedsBudget(plan)) {
            System.out.println("This exceeds the budget of "
                    + Money.usd(plan.settings().budget().orElseThrow()) + ": `run` would refuse it.");
        }
    }

    private static String toJson(Plan plan) throws JsonProcessingException {
        ObjectNode answer = Json.mapper().createObjectNode();
        answer.put("total", plan.estimate().total());
        answer.put("jobs", plan.jobs().size());
        answer.set("models", Json.mapper().valueToTree(plan.estimate().models()));
        answer.set("warnings", Json.mapper().valueToTree(plan.warnings()));
        return Json.mapper().writeValueAsString(answer);
    }
}
