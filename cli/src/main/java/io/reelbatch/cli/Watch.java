package io.reelbatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.cli.stack.BatchExecution;
import io.reelbatch.cli.stack.Stack;
import io.reelbatch.cli.stack.StackException;
import io.reelbatch.domain.job.BatchRecord;
import io.reelbatch.domain.json.Json;
import io.reelbatch.domain.store.BatchFolder;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * Follows one execution of a deployed batch. It checks the execution every two seconds. It reads the jobs' records as
 * often, but at most 200 a second on average, so that an hour of watching costs no more for 100,000 jobs than for 400.
 */
final class Watch {
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final Duration PER_JOB = Duration.ofMillis(5);

    private final Stack stack;
    private final Terminal terminal;

    Watch(Stack stack, Terminal terminal) {
        this.stack = stack;
        this.terminal = terminal;
    }

    /**
     * Shows it to its end.
     *
     * @param fresh whether all that is seen of its jobs is news
     * @return the exit status
     */
    int follow(String batchId, BatchExecution execution, boolean fresh) throws IOException {
        Display display = new Display(batchId, fresh);
        Thread hook = new Thread(() -> interrupted(batchId, display), "reelbatch-interrupt");
        Runtime.getRuntime().addShutdownHook(hook);
        terminal.say("Watching; Ctrl-C leaves the batch running.");
        BatchExecution ended = awaitEnd(execution, display);
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException goingDown) {
            return ExitStatus.INTERNAL; // nobody sees it: the process ends by the signal
        }
        return tell(batchId, ended);
    }

    private void interrupted(String batchId, Display display) {
        display.close();
        terminal.say("Not watching any more; the batch goes on. `reelbatch watch " + batchId
                + "` shows it again, `reelbatch stop " + batchId + "` stops it.");
    }

    private BatchExecution awaitEnd(BatchExecution execution, Display display) {
        try (display) {
            BatchExecution now = stack.executions().refreshed(execution);
            while (now.isRunning()) {
                display.refresh();
                pause();
                now = stack.executions().refreshed(execution);
            }
            display.finish();
            return now;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw StackException.failed("interrupted", e);
        }
    }

    /** The jobs as they were last read: nothing before the batch is planned. */
    private final class Display implements AutoCloseable {
        private final String batchId;
        private boolean news;
        private volatile Optional<Progress> progress = Optional.empty();
        private Duration interval = Duration.ZERO;
        private long readAt;

        Display(String batchId, boolean fresh) {
            this.batchId = batchId;
            this.news = fresh;
        }

        void refresh() {
            if (System.nanoTime() - readAt >= interval.toNanos()) {
                finish();
            }
        }

        void finish() {
            if (progress.isEmpty()) {
                progress = stack.jobs().batch(batchId).map(this::begun);
            }
            if (progress.isPresent()) {
                Progress shown = progress.get();
                stack.jobs().forEachJob(batchId, news ? shown::update : shown::found);
                news = true;
            }
            readAt = System.nanoTime();
        }

        private Progress begun(BatchRecord batch) {
            interval = PER_JOB.multipliedBy(batch.jobs());
            return new Progress(terminal.err(), batch.jobs(), terminal.live());
        }

        @Override
        public void close() {
            progress.ifPresent(Progress::close);
        }
    }

    private int tell(String batchId, BatchExecution ended) throws IOException {
        if (!ended.wroteManifest()) {
            return tellBroken(batchId, ended);
        }
        JsonNode summary = new StoredSummary(stack.objects(), batchId).read(ended);
        int status = Summary.status(summary);
        String manifest = new BatchFolder(batchId).visible("manifest.json");
        Summary.print(terminal.err(), summary, "manifest: " + stack.uri(manifest), terminal.columns());
        if (status != ExitStatus.OK) {
            terminal.say("`reelbatch retry " + batchId + "` runs again what failed, and only that.");
        }
        terminal.answer(summary, status);
        return status;
    }

    private int tellBroken(String batchId, BatchExecution ended) {
        int status = brokenStatus(ended);
        String sentence = ended.sentence();
        if (ended.wasStopped()) {
            sentence = "batch " + batchId + " was stopped";
        } else if (status == ExitStatus.INTERNAL) {
            sentence = "the batch broke: " + ended.error().orElse(ended.status()) + ": " + sentence;
        }
        terminal.say("reelbatch: " + sentence);
        terminal.say("`reelbatch retry " + batchId + "` takes it up again.");
        ObjectNode answer = Json.mapper().createObjectNode().put("batch_id", batchId);
        terminal.answer(answer.put("error", sentence), status);
        return status;
    }

    private static int brokenStatus(BatchExecution ended) {
        if (ended.wasStopped()) {
            return ExitStatus.FAILED_JOBS;
        }
        if (ended.endedWith("BudgetTooSmall")) {
            return ExitStatus.BUDGET;
        }
        return ended.endedWith("InvalidConfigException") ? ExitStatus.USAGE : ExitStatus.INTERNAL;
    }
}
