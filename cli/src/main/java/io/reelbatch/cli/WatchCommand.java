package io.reelbatch.cli;

import io.reelbatch.cli.stack.Stack;
import io.reelbatch.cli.stack.StackException;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code reelbatch watch}. */
@Command(
        name = "watch",
        description = {
            "Shows how a deployed batch goes until it ends, then its summary, with the exit status of `run`.",
            "Ctrl-C leaves the batch running."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  reelbatch watch", "  reelbatch watch 20261123-041057-0a1b2c3d --json"})
final class WatchCommand extends StackCommand {
    @Parameters(paramLabel = "BATCH", arity = "0..1", description = "the batch's id; default: the one started last")
    private Optional<String> batch = Optional.empty();

    @Override
    int run(StackOptions options, Terminal terminal) throws IOException {
        Stack stack = options.stack();
        Known known = knownOrLast(stack, batch);
        return new Watch(stack, terminal)
                .follow(
                        known.batchId(),
                        known.execution()
                                .orElseThrow(() -> StackException.usage("Batch " + known.batchId()
                                        + " ended over 90 days ago. `reelbatch status " + known.batchId()
                                        + "` says what is known of it.")),
                        false);
    }
}
