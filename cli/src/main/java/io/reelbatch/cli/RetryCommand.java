package io.reelbatch.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.cli.StackCommand.Known;
import io.reelbatch.cli.stack.BatchExecution;
import io.reelbatch.cli.stack.Stack;
import io.reelbatch.domain.json.Json;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
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

    @Option(
            names = "--budget",
            paramLabel = "USD",
            description = "instead of the batch's budget; what it has spent so far counts")
    private Optional<BigDecimal> budget = Optional.empty();

    @Option(names = "--watch", description = "deployed: show how it goes until it ends, with its exit status")
    private boolean watch;

    @Mixin
    private final RunOptions options = new RunOptions();

    @Mixin
    private final StackOptions stackOptions = new StackOptions();

    @Override
    public Integer call() throws IOException {
        if (budget.isPresent() && budget.get().signum() <= 0) {
            throw new UsageException("--budget is " + budget.get() + ": it must be above 0.");
        }
        if (!stackOptions.isNamed() && (batch.contains("/") || Files.exists(Path.of(batch)))) {
            return BatchRunner.takeUp(Path.of(batch), options, true, budget);
        }
        if (options.speed() != 1) {
            throw new UsageException("--speed works only on this machine, and there is no folder " + batch + ".");
        }
        return StackCommand.with(stackOptions, this::deployed);
    }

    private int deployed(StackOptions opened) throws IOException {
        Stack stack = opened.stack();
        Known known = StackCommand.known(stack, batch);
        if (known.execution().filter(last -> last.status().equals("SUCCEEDED")).isPresent()) {
            options.say("There is nothing to retry: every job of batch " + batch + " succeeded.");
            options.answer(Json.mapper().createObjectNode().put("batch_id", batch), ExitStatus.OK);
            return ExitStatus.OK;
        }
        BatchExecution execution = stack.executions().retry(batch, known.execution(), budget);
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
