package io.reelbatch.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.adapters.logging.JsonLogging;
import io.reelbatch.cli.local.BatchDirectory;
import io.reelbatch.cli.local.BatchDirectory.Marker;
import io.reelbatch.cli.local.LocalRun;
import io.reelbatch.cli.local.ScaledClock;
import io.reelbatch.cli.local.StoreKind;
import io.reelbatch.domain.catalog.Catalog;
import io.reelbatch.domain.json.Json;
import io.reelbatch.domain.pace.Backoff;
import io.reelbatch.domain.provider.Secrets;
import io.reelbatch.domain.store.BatchFolder;
import io.reelbatch.domain.store.ObjectWriter;
import io.reelbatch.engine.Execution;
import io.reelbatch.engine.ExecutionResult;
import io.reelbatch.handlers.Parts;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Runs a batch in a folder that this process has locked, and reports the result. */
final class BatchRunner {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    /** A batch has ended by then: only its receiver is waited for. */
    private static final Duration LAST_DELIVERIES = Duration.ofSeconds(10);

    private final BatchDirectory directory;
    private final Path folder;
    private final Provider provider;
    private final RunOptions options;

    /**
     * A runner for one batch.
     *
     * @param folder the output folder as the user names it
     */
    BatchRunner(BatchDirectory directory, Path folder, Provider provider, RunOptions options) {
        this.directory = directory;
        this.folder = folder;
        this.provider = provider;
        this.options = options;
    }

    /** Takes up the batch in {@code folder}: what has not ended or, for a retry, also what failed. */
    static int takeUp(Path folder, RunOptions options, boolean retry, NewLimits limits) throws IOException {
        if (!Files.isDirectory(folder.resolve(".reelbatch"))) {
            throw new UsageException(folder + " holds no batch: there is no " + folder.resolve(".reelbatch") + ".");
        }
        try (BatchDirectory directory = BatchDirectory.open(folder)) {
            Marker marker = directory
                    .marker()
                    .orElseThrow(() -> new UsageException(folder + " holds no batch: none was started in it."));
            return new BatchRunner(directory, folder, options.provider(), options).resume(marker, retry, limits);
        }
    }

    /** Starts a new batch. */
    int start(ConfigFile config, StoreKind stores, long seed) throws IOException {
        config.plan().settings().notification().ifPresent(to -> Notifications.secret(to, System.getenv()));
        String batchId = config.batchId(Instant.now());
        Marker marker = new Marker(
                batchId,
                config.sha256(),
                config.name(),
                stores,
                provider.simulated() ? OptionalLong.of(seed) : OptionalLong.empty(),
                config.plan().jobs().size(),
                false);
        try (Stores opened = Stores.open(stores, directory, batchId)) {
            try (ObjectWriter writer = opened.objects().write(configKey(marker), "application/octet-stream")) {
                config.copyTo(writer);
                writer.commit();
            }
            keep(config.inputs().stage(opened.objects(), batchId), opened, marker);
            directory.mark(marker);
            BigDecimal estimate = config.plan().estimate().total();
            return execute(opened, marker, batchId, input(opened, marker, false), estimate);
        }
    }

    /** Goes on with a batch that was started before. */
    int resume(Marker marker, boolean retry, NewLimits limits) throws IOException {
        if (marker.simulatorSeed().isPresent() != provider.simulated()) {
            throw new UsageException("The batch in " + folder + " was started with "
                    + (provider.simulated() ? "a real provider" : "the simulator")
                    + ": its jobs are known only there. Set REELBATCH_PROVIDER="
                    + (provider.simulated() ? "atlas" : "simulator") + ".");
        }
        try (Stores opened = Stores.open(marker.stores(), directory, marker.batchId())) {
            String name = marker.batchId() + "-" + ConfigFile.STAMP.format(Instant.now());
            BigDecimal toRun = provider.simulated()
                    ? BigDecimal.ZERO
                    : BalanceCheck.needed(opened.jobs(), marker.batchId(), retry);
            ObjectNode input = input(opened, marker, retry);
            limits.addTo(input);
            if (retry) {
                // Should this process end before its jobs do, the next `run` must not put them aside as finished.
                directory.mark(marker.asFinished(false));
            }
            return execute(opened, marker, name, input, toRun);
        }
    }

    private static String configKey(Marker marker) {
        return new BatchFolder(marker.batchId()).internal("config/" + marker.configName());
    }

    /** Planning may be interrupted, and the files be gone when it goes on. */
    private static void keep(Map<String, String> inputs, Stores opened, Marker marker) throws IOException {
        if (!inputs.isEmpty()) {
            try (ObjectWriter writer = opened.objects().write(inputsKey(marker), "application/json")) {
                writer.write(Json.mapper().writeValueAsBytes(inputs));
                writer.commit();
            }
        }
    }

    private static String inputsKey(Marker marker) {
        return new BatchFolder(marker.batchId()).internal("inputs.json");
    }

    private ObjectNode input(Stores opened, Marker marker, boolean retry) throws IOException {
        ObjectNode input = Json.mapper().createObjectNode();
        input.put("batchId", marker.batchId());
        input.put("configUri", "s3://" + opened.bucket() + "/" + configKey(marker));
        input.put("outputDir", folder.toString());
        input.put("retry", retry);
        // The folder's lock is held: whoever worked on this batch before is gone.
        input.put("exclusive", true);
        if (opened.objects().find(inputsKey(marker)).isPresent()) {
            try (InputStream in = opened.objects().read(inputsKey(marker))) {
                input.set("inputs", Json.mapper().readTree(in));
            }
        }
        return input;
    }

    private int execute(Stores opened, Marker marker, String executionName, ObjectNode input, BigDecimal toRun)
            throws IOException {
        JsonLogging.writeTo(directory.state("log.jsonl"), Secrets.of(provider.key()));
        Ended ended;
        try (Progress progress = new Progress(options.err(), marker.jobs(), options.live())) {
            ended = runToEnd(opened, marker, executionName, input, toRun, progress);
        }
        return tell(opened, marker, ended);
    }

    /** How an execution ended, what BuildManifest returned, and which notices could not be delivered. */
    private record Ended(ExecutionResult result, Optional<JsonNode> summary, Optional<String> undelivered) {}

    private Ended runToEnd(
            Stores opened, Marker marker, String executionName, ObjectNode input, BigDecimal toRun, Progress progress)
            throws IOException {
        ScaledClock clock = new ScaledClock(options.speed(), takeStock(opened, marker, progress));
        try (Generator generator = Generator.start(provider, marker, clock, directory, options)) {
            generator.checkBalance(toRun, options::say);
            WatchedStore watched = new WatchedStore(opened.jobs(), progress::update);
            try (Notifications notifications = new Notifications(System.getenv())) {
                Notifier notifier = notifications.of(
                        opened.jobs(), marker.batchId(), path -> opened.url(folder, marker.batchId(), path));
                notifier.catchUp();
                Parts plain = parts(opened, watched, generator, clock).with(notifier);
                try (Webhook webhook = options.webhook();
                        LocalRun run = new LocalRun(webhook.addTo(plain), clock)) {
                    webhook.handTo(run, plain);
                    ExecutionResult result = awaitEnd(run, run.start(executionName, input), progress);
                    return new Ended(result, run.summary(), notifier.awaitDelivery(LAST_DELIVERIES));
                }
            }
        }
    }

    /** Shows what is already there; returns the latest moment that a record names, which a sped-up clock left behind. */
    private static Instant takeStock(Stores opened, Marker marker, Progress progress) {
        AtomicLong latest = new AtomicLong();
        opened.jobs().forEachJob(marker.batchId(), job -> {
            progress.found(job);
            job.latestMoment().ifPresent(moment -> latest.accumulateAndGet(moment.toEpochMilli() + 1, Math::max));
        });
        return Instant.ofEpochMilli(latest.get());
    }

    private static Parts parts(Stores opened, WatchedStore watched, Generator generator, ScaledClock clock) {
        return new Parts(
                watched,
                opened.objects(),
                opened.bucket(),
                Catalog.shipped(),
                generator::client,
                generator.quoting(),
                generator.downloader(),
                new Backoff(new Random()),
                clock);
    }

    /** Waits; on Ctrl-C lets the steps under way write down what they learned, and says how to go on. */
    private ExecutionResult awaitEnd(LocalRun run, Execution execution, Progress progress) {
        Thread hook = new Thread(() -> interrupted(run, execution, progress), "reelbatch-interrupt");
        Runtime.getRuntime().addShutdownHook(hook);
        ExecutionResult result = execution.result().join();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException goingDown) {
            parkForever();
        }
        return result;
    }

    private void interrupted(LocalRun run, Execution execution, Progress progress) {
        boolean drained = run.drain(execution, PATIENCE);
        progress.close();
        options.say((drained ? "Interrupted" : "Interrupted while a step was still under way")
                + ". Nothing that was paid for is lost: `reelbatch resume " + CommandPath.word(folder) + "` goes on.");
    }

    /** The process is going down: nothing after the interruption's last word. */
    private static void parkForever() {
        while (true) {
            LockSupport.park();
        }
    }

    /** A function's failure comes as Lambda writes it, with a stack trace that is nothing for people. */
    static String why(String error, String cause) {
        try {
            String message = Json.mapper().readTree(cause).path("errorMessage").asText();
            return message.isEmpty() ? error + " " + cause : message;
        } catch (JsonProcessingException plainText) {
            return error + " " + cause;
        }
    }

    private int tell(Stores opened, Marker marker, Ended ended) throws IOException {
        ended.undelivered()
                .ifPresent(sentence ->
                        options.say(sentence + " `reelbatch resume " + CommandPath.word(folder) + "` sends the rest."));
        Optional<JsonNode> summary = ended.summary();
        ExecutionResult result = ended.result();
        if (summary.isEmpty()) {
            String sentence = "the batch broke: "
                    + why(result.error().orElse(""), result.cause().orElse(""));
            options.say("reelbatch: " + sentence + ". `reelbatch resume " + CommandPath.word(folder) + "` goes on.");
            options.answer(Json.mapper().createObjectNode().put("error", sentence), ExitStatus.INTERNAL);
            return ExitStatus.INTERNAL;
        }
        int status = Summary.status(summary.get());
        directory.mark(marker.asFinished(opened.allEnded(marker.batchId())));
        Summary.print(options.err(), summary.get(), opened.where(folder, marker.batchId()), options.columns());
        if (Files.exists(folder.resolve("report.html"))) {
            options.say("`reelbatch open " + CommandPath.word(folder) + "` shows it.");
        }
        if (status != ExitStatus.OK) {
            options.say("`reelbatch retry " + CommandPath.word(folder) + "` runs again what failed, and only that.");
        }
        options.answer(summary.get(), status);
        return status;
    }
}
