package io.reelbatch.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.domain.catalog.Catalog;
import io.reelbatch.domain.catalog.DurationRule;
import io.reelbatch.domain.catalog.Model;
import io.reelbatch.domain.catalog.Price;
import io.reelbatch.domain.catalog.ResolutionRule;
import io.reelbatch.domain.catalog.SizeRule;
import io.reelbatch.domain.json.Json;
import io.reelbatch.domain.plan.JobType;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code reelbatch models}. */
@Command(
        name = "models",
        description = "Lists the models of the catalog with their prices and what a config can set for them.",
        footerHeading = "%nExamples:%n",
        footer = {"  reelbatch models", "  reelbatch models --json | jq '.models[] | select(.kind == \"video\") | .id'"
        })
final class ModelsCommand implements Callable<Integer> {
    @Option(names = "--json", description = "print one JSON object on stdout")
    private boolean json;

    @Override
    @SuppressWarnings("SystemOut") // the answer goes to stdout
    public Integer call() {
        if (json) {
            System.out.println(asJson(Catalog.shipped()).toPrettyString());
        } else {
            print(Catalog.shipped(), System.out);
        }
        return ExitStatus.OK;
    }

    private static void print(Catalog catalog, PrintStream out) {
        for (String id : catalog.ids()) {
            Model model = catalog.model(id, JobType.IMAGE);
            out.println(id);
            out.println("  " + model.kind().word() + ", " + words(model.price()));
            out.println("  "
                    + fields(model).entrySet().stream()
                            .map(field ->
                                    field.getKey() + (field.getValue().isEmpty() ? "" : " (" + field.getValue() + ")"))
                            .collect(Collectors.joining(", ")));
        }
        out.println();
        out.println(
                "Any other model id works too, at a guessed price, flagged as a guess. Prices drift: `prices` in the"
                        + " config goes before these, and `estimate --quote` asks the provider.");
    }

    private static String words(Price price) {
        return Money.usd(price.usd()) + " " + price.unit().words()
                + (price.guessed()
                        ? ", a guess: nobody lists a price"
                        : price.date().map(date -> ", as of " + date + ", ").orElse(", ") + price.source());
    }

    /** What a config can set, with what the model takes; empty where anything goes. */
    private static Map<String, String> fields(Model model) {
        Map<String, String> fields = new LinkedHashMap<>();
        model.size().map(SizeRule::allowed).ifPresent(allowed -> fields.put("width and height", allowed));
        model.duration().map(DurationRule::allowed).ifPresent(allowed -> fields.put("duration", allowed));
        model.resolution().map(ResolutionRule::allowed).ifPresent(allowed -> fields.put("resolution", allowed));
        model.image().ifPresent(rule -> fields.put("image", rule.list() ? "one or several" : ""));
        if (model.seed()) {
            fields.put("params.seed", "");
        }
        return fields;
    }

    static ObjectNode asJson(Catalog catalog) {
        ObjectNode answer = Json.mapper().createObjectNode();
        ArrayNode models = answer.putArray("models");
        for (String id : catalog.ids()) {
            Model model = catalog.model(id, JobType.IMAGE);
            ObjectNode one =
                    models.addObject().put("id", id).put("kind", model.kind().word());
            ObjectNode price = one.putObject("price");
            price.put("usd", model.price().usd())
                    .put("unit", model.price().unit().field());
            price.put("source", model.price().source())
                    .put("guessed", model.price().guessed());
            model.price().date().ifPresent(date -> price.put("date", date.toString()));
            one.putArray("expected_seconds")
                    .add(model.shortest().toSeconds())
                    .add(model.longest().toSeconds());
            ObjectNode fields = one.putObject("fields");
            fields(model).forEach(fields::put);
        }
        return answer;
    }
}
