package io.reelbatch.cli;

import io.reelbatch.cli.stack.BatchExecution;
import io.reelbatch.cli.stack.Executions;
import io.reelbatch.cli.stack.Stack;
import io.reelbatch.cli.stack.StackException;
import io.reelbatch.domain.job.BatchRecord;
import io.reelbatch.errors.StoreException;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/** A command that works with a deployed stack. */
abstract class StackCommand implements Callable<Integer> {
    @Mixin
    private final StackOptions options = new StackOptions();

    @Mixin
    private final Terminal terminal = new Terminal();

    @Override
    public final Integer call() {
        return with(options, stack -> run(stack, terminal));
    }

    /** What a command does. */
    @FunctionalInterface
    interface Work {
        int on(StackOptions stack) throws IOException;
    }

    /** Does it, closes the stack, and says what went wrong in one sentence. */
    static int with(StackOptions options, Work work) {
        try (options) {
            return work.on(options);
        } catch (StoreException | IOException e) {
            throw StackException.failed(String.valueOf(e.getMessage()), e);
        }
    }

    abstract int run(StackOptions stack, Terminal terminal) throws IOException;

    /** What is known of a batch: at first only its execution, after 90 days only its record. */
    record Known(String batchId, Optional<BatchExecution> execution, Optional<BatchRecord> record) {}

    /**
     * Looks a batch up.
     *
     * @throws StackException if there is none of that name
     */
    static Known known(Stack stack, String batchId) {
        return find(stack, batchId)
                .orElseThrow(() -> StackException.usage("There is no batch " + batchId + " in stack "
                        + stack.outputs().name() + ". `reelbatch status` lists the recent ones."));
    }

    static Optional<Known> find(Stack stack, String batchId) {
        if (!batchId.matches("[^\\s?*<>{}\\[\\]:;,\\\\|^~$#%&`\"/\\p{Cntrl}]{1,80}")) {
            return Optional.empty();
        }
        Known known = new Known(
                batchId, stack.executions().latest(batchId), stack.jobs().batch(batchId));
        return Optional.of(known)
                .filter(found -> found.execution().isPresent() || found.record().isPresent());
    }

    /** The named batch, or the one whose execution started last. */
    static Known knownOrLast(Stack stack, Optional<String> batchId) {
        return known(
                stack,
                batchId.orElseGet(() -> stack.executions().recent(1).stream()
                        .findFirst()
                        .map(Executions.Listed::batchId)
                        .orElseThrow(() ->
                                StackException.usage("Stack " + stack.outputs().name()
                                        + " has run no batch yet. `reelbatch start CONFIG` starts one."))));
    }
}
