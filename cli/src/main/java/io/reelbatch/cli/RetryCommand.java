package io.reelbatch.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.cli.StackCommand.Known;
import io.reelbatch.cli.stack.BatchExecution;
import io.reelbatch.cli.stack.Stack;
import io.reelbatch.domain.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code reelbatch retry}. */
@Command(
        name = "retry",
        description = {
            "Runs again what failed, is unknown or was never finished in a batch; the rest is left alone.",
            "A folder that is there is a batch of this machine; anything else, or with --stack, is a batch of the deployed stack."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  reelbatch retry weekly_content", "  reelbatch retry 20261123-041057-0a1b2c3d --budget 7.50 --watch"
        })
final class RetryCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR|BATCH", description = "the batch's output folder, or its id in a deployed stack")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String batch;

    @Mixin
    private final NewLimits limits = new NewLimits();

    @Option(names = "--watch", description = "deployed: show how it goes until it ends, with its exit status")
    private boolean watch;

    @Mixin
    private final RunOptions options = new RunOptions();

    @Mixin
    private final StackOptions stackOptions = new StackOptions();

    @Override
    public Integer call() throws IOException {
        if (!stackOptions.isNamed() && (batch.contains("/") || Files.exists(Path.of(batch)))) {
            return BatchRunner.takeUp(Path.of(batch), options, true, limits);
        }
        if (options.speed() != 1) {
            throw new UsageException("--speed works only on this machine, and there is no folder " + batch + ".");
        }
        if (!stackOptions.isNamed()) {
            options.say(
                    "There is no folder " + batch + " here; looking for a batch of that name in the deployed stack.");
        }
        ObjectNode changes = Json.mapper().createObjectNode();
        limits.addTo(changes);
        return StackCommand.with(stackOptions, opened -> deployed(opened, changes));
    }

    private int deployed(StackOptions opened, ObjectNode changes) throws IOException {
        Stack stack = opened.stack();
        Known known = StackCommand.known(stack, batch);
        if (known.execution().filter(last -> last.status().equals("SUCCEEDED")).isPresent()) {
            options.say("There is nothing to retry: every job of batch " + batch + " succeeded.");
            options.answer(Json.mapper().createObjectNode().put("batch_id", batch), ExitStatus.OK);
            return ExitStatus.OK;
        }
        BatchExecution execution = stack.executions().retry(batch, known.execution(), changes);
        String console = stack.outputs().console(execution.arn());
        options.say("Retrying batch " + batch + " (execution " + execution.name() + ").");
        options.say(console);
        if (watch) {
            return new Watch(stack, options).follow(batch, execution, false);
        }
        options.say("`reelbatch watch " + batch + "` shows how it goes.");
        ObjectNode answer = Json.mapper().createObjectNode();
        answer.put("batch_id", batch).put("execution_arn", execution.arn()).put("console_url", console);
        options.answer(answer, ExitStatus.OK);
        return ExitStatus.OK;
    }
}
