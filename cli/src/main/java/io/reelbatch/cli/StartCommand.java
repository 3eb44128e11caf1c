package io.reelbatch.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.cli.stack.BatchExecution;
import io.reelbatch.cli.stack.Stack;
import io.reelbatch.cli.stack.StackException;
import io.reelbatch.domain.config.ConfigReader;
import io.reelbatch.domain.json.Json;
import io.reelbatch.domain.planning.InputFinder;
import io.reelbatch.domain.store.BatchFolder;
import io.reelbatch.domain.store.ObjectWriter;
import io.reelbatch.handlers.StoredInputs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code reelbatch start}. */
@Command(
        name = "start",
        description = {
            "Starts a batch in a deployed stack and prints its id.",
            "The config is checked and priced first; a local one is uploaded, with its input images."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  reelbatch start weekly.yaml --watch && reelbatch pull weekly_content",
            "  reelbatch start s3://my-bucket/configs/weekly.yaml --stack prod --region eu-west-1"
        })
final class StartCommand extends StackCommand {
    @Parameters(paramLabel = "CONFIG", description = "YAML or JSON file, or s3://bucket/key in the stack's bucket")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String config;

    @Option(names = "--watch", description = "then show how it goes until it ends, with its exit status")
    private boolean watch;

    @Option(names = "--yes", description = "do not ask before paying")
    private boolean yes;

    @Override
    int run(StackOptions options, Terminal terminal) throws IOException {
        InputFinder stored = reference -> inputs(options.stack()).find(reference);
        ConfigFile file = config.startsWith("s3://")
                ? ConfigFile.read(config, content(options.stack()), stored)
                : ConfigFile.read(Path.of(config), stored);
        if (EstimateCommand.refusedByBudget(file.plan(), terminal)) {
            return ExitStatus.BUDGET;
        }
        file.plan().warnings().forEach(warning -> terminal.say("warning: " + warning));
        Stack stack = options.stack();
        if (!yes && !terminal.confirmed(file.plan(), "stack " + stack.outputs().name())) {
            return ExitStatus.OK;
        }
        String batchId = file.batchId(Instant.now());
        BatchExecution execution = stack.executions().start(batchId, upload(file, stack, batchId));
        return started(file, stack, batchId, execution, terminal);
    }

    private static StoredInputs inputs(Stack stack) {
        return new StoredInputs(stack.objects(), stack.outputs().bucket(), Map.of());
    }

    private byte[] content(Stack stack) throws IOException {
        String ours = stack.uri("");
        if (!config.startsWith(ours)) {
            throw StackException.usage(
                    "The config must lie in the stack's bucket, " + ours + "..., or on this machine.");
        }
        try (InputStream in = stack.objects().read(config.substring(ours.length()))) {
            return in.readNBytes(ConfigReader.MAX_BYTES + 1);
        } catch (NoSuchFileException e) {
            throw StackException.usage("There is no object " + config + ".");
        } catch (IllegalArgumentException e) {
            throw StackException.usage(config + " is no object's name.");
        }
    }

    /** What was checked is what runs, whatever becomes of the original. */
    private static ObjectNode upload(ConfigFile file, Stack stack, String batchId) throws IOException {
        boolean json = file.name().toLowerCase(Locale.ROOT).endsWith(".json");
        String key = new BatchFolder(batchId).visible(json ? "config.json" : "config.yaml");
        ObjectNode input = Json.mapper().createObjectNode();
        input.put("batchId", batchId).put("configUri", stack.uri(key));
        Map<String, String> inputs = file.inputs().stage(stack.objects(), batchId);
        if (!inputs.isEmpty()) {
            input.set("inputs", Json.mapper().valueToTree(inputs));
        }
        try (ObjectWriter writer = stack.objects().write(key, json ? "application/json" : "application/yaml")) {
            file.copyTo(writer);
            writer.commit();
        }
        return input;
    }

    @SuppressWarnings("SystemOut") // the answer goes to stdout
    private int started(ConfigFile file, Stack stack, String batchId, BatchExecution execution, Terminal terminal)
            throws IOException {
        String console = stack.outputs().console(execution.arn());
        terminal.say("Started batch " + batchId + ": " + file.plan().jobs().size() + " jobs, about "
                + Money.usd(file.plan().estimate().total()) + ".");
        terminal.say(console);
        if (watch) {
            return new Watch(stack, terminal).follow(batchId, execution, true);
        }
        terminal.say("`reelbatch watch " + batchId + "` shows how it goes.");
        if (!terminal.json()) {
            System.out.println(batchId);
        }
        ObjectNode answer = Json.mapper().createObjectNode();
        answer.put("batch_id", batchId)
                .put("execution_arn", execution.arn())
                .put("console_url", console)
                .put("jobs", file.plan().jobs().size())
                .put("estimate", file.plan().estimate().total());
        terminal.answer(answer, ExitStatus.OK);
        return ExitStatus.OK;
    }
}
