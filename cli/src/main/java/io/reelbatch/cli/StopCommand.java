package io.reelbatch.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.cli.stack.BatchExecution;
import io.reelbatch.cli.stack.Stack;
import io.reelbatch.domain.json.Json;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code reelbatch stop}. */
@Command(
        name = "stop",
        description = {
            "Stops a deployed batch: nothing more is submitted, polled or downloaded.",
            "Its records stay. What the provider has accepted it goes on generating, and charges; `retry` fetches it."
        },
        footerHeading = "%nExample:%n",
        footer = "  reelbatch stop 20261123-041057-0a1b2c3d")
final class StopCommand extends StackCommand {
    @Parameters(paramLabel = "BATCH", description = "the batch's id")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String batch;

    @Override
    int run(StackOptions options, Terminal terminal) throws IOException {
        Stack stack = options.stack();
        Known known = known(stack, batch);
        Optional<BatchExecution> running = known.execution().filter(BatchExecution::isRunning);
        ObjectNode answer = Json.mapper().createObjectNode();
        answer.put("batch_id", batch).put("stopped", running.isPresent());
        if (running.isEmpty()) {
            terminal.say("Batch " + batch + " is not running: "
                    + known.execution()
                            .map(last -> "execution " + last.name() + " " + BatchStatus.ended(last))
                            .orElse("it ended over 90 days ago")
                    + ".");
            terminal.answer(answer, ExitStatus.OK);
            return ExitStatus.OK;
        }
        stack.executions().stop(running.get());
        BatchStatus status = BatchStatus.of(stack, known);
        terminal.say("Stopped batch " + batch + ": " + status.jobsInWords() + ".");
        if (status.underWay() > 0) {
            terminal.say(status.underWay() + " of them are with the provider, which goes on and charges for them.");
        }
        terminal.say("Its records stay: `reelbatch retry " + batch
                + "` fetches what was accepted and submits the rest, `reelbatch pull " + batch
                + " DIR` downloads what is stored.");
        status.addJobs(answer);
        terminal.answer(answer, ExitStatus.OK);
        return ExitStatus.OK;
    }
}
