package io.reelbatch.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.cli.local.BatchDirectory;
import io.reelbatch.cli.local.FileObjectStore;
import io.reelbatch.cli.stack.BatchExecution;
import io.reelbatch.cli.stack.Pull;
import io.reelbatch.cli.stack.Pull.Pulled;
import io.reelbatch.cli.stack.Stack;
import io.reelbatch.cli.stack.StackException;
import io.reelbatch.domain.job.BatchRecord;
import io.reelbatch.domain.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code reelbatch pull}. */
@Command(
        name = "pull",
        description = {
            "Downloads a deployed batch's images, videos, manifest and reports into a folder, and verifies them.",
            "What is there already is not downloaded again: after an interruption, call it again."
        },
        customSynopsis = {
            "reelbatch pull DIR [OPTIONS]         the batch that was started last",
            "       reelbatch pull BATCH [OPTIONS]       into the folder that its config names",
            "       reelbatch pull BATCH DIR [OPTIONS]"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  reelbatch pull weekly_content",
            "  reelbatch pull 20261123-041057-0a1b2c3d /srv/media/week-48 --stack prod"
        })
final class PullCommand extends StackCommand {
    @Parameters(
            paramLabel = "BATCH|DIR",
            arity = "1..2",
            description = "the batch's id, the folder, or both in this order")
    private List<String> names = new ArrayList<>();

    @Override
    int run(StackOptions options, Terminal terminal) throws IOException {
        Stack stack = options.stack();
        Optional<Known> named = find(stack, names.get(0));
        Known known = names.size() == 2
                ? known(stack, names.get(0))
                : named.orElseGet(() -> knownOrLast(stack, Optional.empty()));
        BatchRecord record = known.record()
                .orElseThrow(() -> StackException.usage(
                        "Batch " + known.batchId() + " is not planned yet: there is nothing to download."));
        String last = names.get(names.size() - 1);
        Path folder = names.size() == 1 && named.isPresent()
                ? CommandPath.named(record.settings().outputDir())
                : Path.of(last);
        return pull(stack, known, record, folder, terminal);
    }

    private static int pull(Stack stack, Known known, BatchRecord record, Path folder, Terminal terminal)
            throws IOException {
        terminal.say("Batch " + known.batchId() + " of " + record.createdAt() + ", to " + folder);
        try (BatchDirectory directory = BatchDirectory.open(folder)) {
            claim(directory, folder, known.batchId());
            Pulled pulled = copy(stack, record, directory, terminal);
            return tell(known, pulled, folder, terminal);
        }
    }

    /** One folder holds the files of one batch: names repeat from week to week. */
    private static void claim(BatchDirectory directory, Path folder, String batchId) throws IOException {
        Path mark = directory.state("pulled");
        if (directory.marker().isPresent()) {
            throw new UsageException(folder + " holds a batch of `reelbatch run`. Choose another folder.");
        }
        if (Files.exists(mark) && !Files.readString(mark).strip().equals(batchId)) {
            throw new UsageException(folder + " holds the files of batch "
                    + Files.readString(mark).strip()
                    + ". Choose another folder, or move them away with the folder's .reelbatch.");
        }
        Files.writeString(mark, batchId + "\n");
    }

    private static Pulled copy(Stack stack, BatchRecord record, BatchDirectory directory, Terminal terminal)
            throws IOException {
        try (FileObjectStore files = new FileObjectStore(directory.root(), record.batchId())) {
            if (!terminal.live()) {
                return new Pull(record.batchId(), stack.jobs(), stack.objects(), files, () -> {}).run();
            }
            AtomicInteger done = new AtomicInteger();
            IntFunction<String> line = columns ->
                    ProgressLine.of(done.get(), record.jobs(), "jobs").in(columns);
            LiveLine live = new LiveLine(terminal.err(), line, new TerminalWidth());
            try {
                return new Pull(record.batchId(), stack.jobs(), stack.objects(), files, done::incrementAndGet).run();
            } finally {
                live.close();
            }
        }
    }

    private static int tell(Known known, Pulled pulled, Path folder, Terminal terminal) {
        pulled.missing().forEach(terminal::say);
        terminal.say(pulled.fetched() + " files downloaded, " + pulled.present() + " were there already"
                + (pulled.missing().isEmpty() ? "" : ", " + pulled.missing().size() + " are missing") + ".");
        if (pulled.withoutFile() > 0) {
            boolean running =
                    known.execution().filter(BatchExecution::isRunning).isPresent();
            terminal.say(pulled.withoutFile()
                    + (running
                            ? " jobs have no file yet: the batch is still running."
                            : " jobs have no file: `reelbatch retry " + known.batchId() + "` runs them again."));
        }
        int status = pulled.isWhole() ? ExitStatus.OK : ExitStatus.FAILED_JOBS;
        ObjectNode answer = Json.mapper().createObjectNode();
        answer.put("batch_id", known.batchId()).put("folder", folder.toString());
        answer.put("fetched", pulled.fetched()).put("present", pulled.present()).put("bytes", pulled.bytes());
        answer.set("missing", Json.mapper().valueToTree(pulled.missing()));
        terminal.answer(answer.put("jobs_without_file", pulled.withoutFile()), status);
        return status;
    }
}
