package io.reelbatch.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.cli.stack.BatchExecution;
import io.reelbatch.cli.stack.Executions.Listed;
import io.reelbatch.cli.stack.Stack;
import io.reelbatch.domain.job.BatchRecord;
import io.reelbatch.domain.json.Json;
import io.reelbatch.domain.store.BatchFolder;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code reelbatch status}. */
@Command(
        name = "status",
        description = "Says how a deployed batch stands; without one, lists those that were started last.",
        footerHeading = "%nExamples:%n",
        footer = {"  reelbatch status", "  reelbatch status 20261123-041057-0a1b2c3d --json"})
final class StatusCommand extends StackCommand {
    @Parameters(paramLabel = "BATCH", arity = "0..1", description = "the batch's id")
    private Optional<String> batch = Optional.empty();

    @Option(names = "--limit", paramLabel = "N", description = "how many batches to list (default ${DEFAULT-VALUE})")
    private int limit = 20;

    @Override
    @SuppressWarnings("SystemOut") // the answer goes to stdout
    int run(StackOptions options, Terminal terminal) throws IOException {
        if (limit < 1) {
            throw new UsageException("--limit is " + limit + ": it must be at least 1.");
        }
        if (batch.isPresent()) {
            one(options.stack(), known(options.stack(), batch.get()), terminal, System.out);
        } else {
            list(options.stack(), terminal, System.out);
        }
        return ExitStatus.OK;
    }

    private static void one(Stack stack, Known known, Terminal terminal, PrintStream out) {
        BatchStatus status = BatchStatus.of(stack, known);
        if (terminal.json()) {
            terminal.answer(json(stack, known, status), ExitStatus.OK);
            return;
        }
        row(out, "batch", known.batchId());
        row(out, "status", known.execution().map(StatusCommand::inWords).orElse("ended over 90 days ago"));
        known.record().ifPresent(record -> row(out, "jobs", record.jobs() + ": " + status.jobsInWords()));
        row(
                out,
                "money",
                "charged " + Money.usd(status.charged()) + ", at risk " + Money.usd(status.atRisk())
                        + known.record()
                                .map(record -> ", estimated " + Money.usd(record.estimate()))
                                .orElse("")
                        + budget(known).map(usd -> ", budget " + usd).orElse(""));
        halt(known).ifPresent(why -> row(out, "halted", why));
        known.execution()
                .ifPresent(execution -> row(out, "console", stack.outputs().console(execution.arn())));
        row(out, "files", stack.uri(new BatchFolder(known.batchId()).prefix()));
    }

    private static Optional<String> budget(Known known) {
        return known.record().flatMap(record -> record.settings().budget()).map(Money::usd);
    }

    private static Optional<String> halt(Known known) {
        return known.record().flatMap(BatchRecord::halt).map(BatchRecord.Halt::message);
    }

    private static String inWords(BatchExecution execution) {
        if (execution.isRunning()) {
            return "running since " + seconds(execution.started()) + " (execution " + execution.name() + ")";
        }
        return BatchStatus.statusWord(execution.status())
                + execution.stopped().map(when -> " at " + seconds(when)).orElse("") + " (execution " + execution.name()
                + ")" + (execution.error().isPresent() ? ": " + execution.sentence() : "");
    }

    private static Instant seconds(Instant moment) {
        return moment.truncatedTo(ChronoUnit.SECONDS);
    }

    private static ObjectNode json(Stack stack, Known known, BatchStatus status) {
        ObjectNode answer = Json.mapper().createObjectNode().put("batch_id", known.batchId());
        known.execution().ifPresent(execution -> {
            answer.put("execution", execution.name()).put("status", execution.status());
            answer.put("started", execution.started().toString());
            execution.stopped().ifPresent(when -> answer.put("stopped", when.toString()));
            execution.error().ifPresent(error -> answer.put("error", execution.sentence()));
            answer.put("console_url", stack.outputs().console(execution.arn()));
        });
        known.record().ifPresent(record -> {
            answer.put("jobs", record.jobs()).put("estimate", record.estimate());
            record.settings().budget().ifPresent(usd -> answer.put("budget", usd));
        });
        halt(known).ifPresent(why -> answer.put("halted", why));
        status.addJobs(answer);
        return answer.put("files", stack.uri(new BatchFolder(known.batchId()).prefix()));
    }

    private static void row(PrintStream out, String name, String value) {
        out.printf(Locale.ROOT, "%-8s %s%n", name, value);
    }

    private void list(Stack stack, Terminal terminal, PrintStream out) {
        List<Listed> batches = stack.executions().recent(limit);
        ObjectNode answer = Json.mapper().createObjectNode();
        ArrayNode rows = answer.putArray("batches");
        if (!terminal.json()) {
            out.printf(Locale.ROOT, "%-32s %-12s %-21s %6s %10s%n", "batch", "status", "started", "jobs", "estimate");
        }
        for (Listed listed : batches) {
            Optional<BatchRecord> record = stack.jobs().batch(listed.batchId());
            if (terminal.json()) {
                rows.add(json(listed, record));
            } else {
                out.printf(
                        Locale.ROOT,
                        "%-32s %-12s %-21s %6s %10s%n",
                        listed.batchId(),
                        BatchStatus.statusWord(listed.status()),
                        seconds(listed.started()),
                        record.map(found -> Integer.toString(found.jobs())).orElse("-"),
                        record.map(found -> Money.usd(found.estimate())).orElse("-"));
            }
        }
        terminal.answer(answer, ExitStatus.OK);
    }

    private static ObjectNode json(Listed listed, Optional<BatchRecord> record) {
        ObjectNode row = Json.mapper().createObjectNode();
        row.put("batch_id", listed.batchId()).put("execution", listed.execution());
        row.put("status", listed.status()).put("started", listed.started().toString());
        listed.stopped().ifPresent(when -> row.put("stopped", when.toString()));
        record.ifPresent(found -> row.put("jobs", found.jobs()).put("estimate", found.estimate()));
        return row;
    }
}
