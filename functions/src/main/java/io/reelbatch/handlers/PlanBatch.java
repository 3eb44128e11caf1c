package io.reelbatch.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.domain.config.ConfigProblem;
import io.reelbatch.domain.config.ConfigReader;
import io.reelbatch.domain.config.InvalidConfigException;
import io.reelbatch.domain.job.BatchRecord;
import io.reelbatch.domain.job.BatchRecord.BatchState;
import io.reelbatch.domain.job.BatchSettings;
import io.reelbatch.domain.job.JobKey;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.json.Json;
import io.reelbatch.domain.notify.Outbox;
import io.reelbatch.domain.plan.WorkList;
import io.reelbatch.domain.plan.WorkList.Work;
import io.reelbatch.domain.planning.Plan;
import io.reelbatch.domain.planning.Planner;
import io.reelbatch.domain.store.BatchFolder;
import io.reelbatch.domain.store.ObjectWriter;
import io.reelbatch.domain.store.Permits;
import io.reelbatch.errors.BudgetTooSmall;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads and checks a config, writes a record for each of its jobs and the list of those to run. For a batch that is
 * already planned, it only lists the remaining jobs: on resume those that have not ended, on retry also those that
 * failed.
 */
public final class PlanBatch extends StepHandler<PlanBatch.Input, PlanBatch.Output> {
    private static final Logger LOG = LoggerFactory.getLogger(PlanBatch.class);

    /** How many iterations Step Functions runs at once in a Map that is not distributed. */
    private static final int MOST_AT_ONCE = 40;

    private final Parts parts;
    private final Latencies latencies;

    /** For Lambda: by the environment variables, of which a missing one is an {@link IllegalStateException}. */
    public PlanBatch() {
        this(Deployment.here().parts());
        prepareSnapshot(Snapshot.records(parts), Snapshot.objects(parts), Snapshot.planning(parts));
    }

    public PlanBatch(Parts parts) {
        super(Input.class);
        this.parts = parts;
        this.latencies = new Latencies(parts);
    }

    /**
     * What an execution is started with.
     *
     * @param batchId the batch; by default the execution's name
     * @param config the config itself
     * @param configUri or where it is: {@code s3://bucket/key}
     * @param outputDir replaces the config's {@code output_dir}
     * @param budget replaces the config's {@code budget}, and the one that a batch had before, USD
     * @param maxDownload replaces the config's {@code max_download}, and the one that a batch had before, bytes
     * @param retry whether jobs that failed are run again
     * @param exclusive whether no earlier execution of the batch can still be sending: what it left half sent is then known to
     *     be unknown, without waiting for its lease
     * @param execution ARN of the execution, by which others learn whether somebody still works on the batch
     * @param inputs object key by the reference that stands in the config, of the files that were put into the store for it
     */
    public record Input(
            String batchId,
            Optional<ObjectNode> config,
            Optional<String> configUri,
            Optional<String> outputDir,
            Optional<BigDecimal> budget,
            Optional<Long> maxDownload,
            boolean retry,
            boolean exclusive,
            Optional<String> execution,
            Map<String, String> inputs) {
        public Input {
            inputs = inputs == null ? Map.of() : Map.copyOf(inputs);
        }

        BatchSettings change(BatchSettings settings) {
            return settings.withBudget(budget).withMaxDownload(maxDownload);
        }
    }

    /**
     * What the definition needs to run the jobs.
     *
     * @param items key of the list of jobs to run, a line each
     * @param mapResults prefix for the Map's own results
     * @param jobs how many jobs are to be run
     */
    public record Output(String batchId, String bucket, String items, String mapResults, int jobs, int maxWorkers) {}

    @Override
    Output handle(Input input, Context context) throws IOException {
        Optional<BatchRecord> known = parts.store().batch(input.batchId());
        boolean isNew = known.isEmpty() || known.get().state() == BatchState.PLANNING;
        if (isNew) {
            plan(input);
        }
        BatchRecord batch = running(input);
        if (!isNew) {
            // Only now: until the batch is this execution's, the reconciler may still be ending its jobs.
            takeUp(input);
        }
        BatchFolder folder = new BatchFolder(batch.batchId());
        int jobs = writeItems(batch);
        LOG.atInfo()
                .setMessage("planned")
                .addKeyValue("batch", batch.batchId())
                .addKeyValue("jobs", jobs)
                .addKeyValue("estimate_usd", batch.estimate())
                .log();
        return new Output(
                batch.batchId(),
                parts.bucket(),
                folder.items(),
                folder.mapResults(),
                jobs,
                batch.settings().maxWorkers());
    }

    private void plan(Input input) throws IOException {
        Plan plan = Planner.plan(
                new ConfigReader(),
                fileName(input),
                content(input),
                parts.catalog(),
                new StoredInputs(parts.objects(), parts.bucket(), input.inputs()));
        BatchSettings settings = input.change(plan.settings().withOutputDir(input.outputDir()));
        refuseUntold(fileName(input), settings, parts.outbox());
        refuseOverBudget(plan.estimate().total(), settings.budget());
        BatchRecord batch = new BatchRecord(
                input.batchId(),
                BatchState.PLANNING,
                settings,
                plan.jobs().size(),
                plan.estimate().total(),
                plan.warnings(),
                parts.clock().instant(),
                Optional.empty(),
                Optional.empty(),
                input.execution(),
                1);
        plan.warnings()
                .forEach(warning -> LOG.atWarn()
                        .setMessage(warning)
                        .addKeyValue("batch", batch.batchId())
                        .log());
        parts.store().createBatch(batch);
        parts.store()
                .addJobs(() -> plan.jobs().stream()
                        .map(job -> JobRecord.planned(input.batchId(), job))
                        .iterator());
    }

    /** A field is never ignored: where nobody can send word of a batch, a config that asks for it is refused. */
    static void refuseUntold(String fileName, BatchSettings settings, Outbox outbox) {
        Optional<String> objection = settings.notification().flatMap(outbox::objection);
        if (objection.isPresent()) {
            ConfigProblem problem = new ConfigProblem(
                    fileName, Optional.empty(), Optional.empty(), Optional.of("notify"), objection.get());
            throw new InvalidConfigException(List.of(problem), Optional.empty());
        }
    }

    static void refuseOverBudget(BigDecimal estimate, Optional<BigDecimal> budget) {
        if (budget.isPresent() && estimate.compareTo(budget.get()) > 0) {
            throw new BudgetTooSmall("The estimate of $" + estimate.toPlainString() + " exceeds the budget of $"
                    + budget.get().toPlainString() + ". Nothing was submitted. Raise `budget` or remove jobs.");
        }
    }

    /** A new execution on old records asks the provider again even if it refused the account before. */
    private BatchRecord running(Input input) {
        BatchRecord next = parts.batch(input.batchId()).running(input::change, input.execution());
        while (!parts.store().replaceBatch(next)) {
            next = parts.batch(input.batchId()).running(input::change, input.execution());
        }
        return next;
    }

    private void takeUp(Input input) {
        Instant now = parts.clock().instant();
        List<Integer> indexes = new ArrayList<>();
        parts.store().forEachJob(input.batchId(), job -> {
            if (!takenUp(input, job, now).equals(job)) {
                indexes.add(job.plan().index());
            }
        });
        for (int index : indexes) {
            parts.jobs().update(new JobKey(input.batchId(), index), job -> takenUp(input, job, now));
        }
        new Permits(parts.store()).clear(parts.batch(input.batchId()));
    }

    private static JobRecord takenUp(Input input, JobRecord job, Instant now) {
        return switch (job.state()) {
            case PLANNED, UNKNOWN -> job.requeued(now);
            case SUBMITTING ->
                input.exclusive()
                        ? job.lost(
                                job.lastAttempt().number(),
                                "The process that sent it ended before it knew the answer.",
                                now)
                        : job;
            case FAILED -> input.retry() ? job.reopened(now) : job;
            case SUBMITTED, GENERATED, STORED -> job;
        };
    }

    private int writeItems(BatchRecord batch) throws IOException {
        WorkList work = new WorkList();
        parts.store().forEachJob(batch.batchId(), job -> {
            if (!job.state().isEnd()) {
                work.add(job.plan(), latencies.expected(batch.batchId(), job.plan()));
            }
        });
        String items = new BatchFolder(batch.batchId()).items();
        try (ObjectWriter out = parts.objects().write(items, "application/jsonl")) {
            for (Work one : work.inOrder()) {
                String line = Json.mapper()
                        .writeValueAsString(line(one, batch.settings().maxWorkers()));
                out.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
            }
            out.commit();
        }
        return work.jobs();
    }

    /** A job by itself is its index; a chain also has its levels. */
    private static ObjectNode line(Work work, int maxWorkers) {
        ObjectNode line = Json.mapper().createObjectNode().put("job", work.first());
        if (!work.isSingle()) {
            int most = Math.min(maxWorkers, MOST_AT_ONCE);
            List<JobStep.Level> levels = work.levels().stream()
                    .map(jobs -> new JobStep.Level(jobs, Math.min(jobs.size(), most)))
                    .toList();
            line.set("levels", Json.mapper().valueToTree(levels));
        }
        return line;
    }

    private static String fileName(Input input) {
        return input.configUri()
                .map(uri -> uri.substring(uri.lastIndexOf('/') + 1))
                .orElse("config");
    }

    private byte[] content(Input input) throws IOException {
        if (input.config().isPresent()) {
            return Json.mapper().writeValueAsBytes(input.config().get());
        }
        String uri = input.configUri()
                .orElseThrow(() -> new IllegalArgumentException(
                        "The input has neither `config` nor `configUri`: give the config itself or s3://bucket/key."));
        String ours = "s3://" + parts.bucket() + "/";
        if (!uri.startsWith(ours)) {
            throw new IllegalArgumentException(
                    "configUri is " + uri + ": it must lie in this stack's bucket, " + ours + "...");
        }
        try (InputStream in = parts.objects().read(uri.substring(ours.length()))) {
            return in.readNBytes(ConfigReader.MAX_BYTES + 1);
        }
    }
}
