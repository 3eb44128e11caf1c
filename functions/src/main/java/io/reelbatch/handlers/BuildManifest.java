package io.reelbatch.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.reelbatch.domain.job.BatchRecord;
import io.reelbatch.domain.job.BatchRecord.BatchState;
import io.reelbatch.domain.json.Json;
import io.reelbatch.domain.report.BatchTotals;
import io.reelbatch.domain.report.BatchTotals.ModelTotals;
import io.reelbatch.domain.report.Course;
import io.reelbatch.domain.report.JobResult;
import io.reelbatch.domain.report.ReportPage;
import io.reelbatch.domain.report.Reports;
import io.reelbatch.domain.report.Thumbnails;
import io.reelbatch.domain.store.BatchFolder;
import io.reelbatch.domain.store.ObjectWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the manifest, the cost report and the report page from the records, whether the jobs succeeded or failed. */
public final class BuildManifest extends StepHandler<BuildManifest.Input, BuildManifest.Summary> {
    private static final Logger LOG = LoggerFactory.getLogger(BuildManifest.class);

    private final Parts parts;

    /** For Lambda: by the environment variables, of which a missing one is an {@link IllegalStateException}. */
    public BuildManifest() {
        this(Deployment.here().parts());
        prepareSnapshot(Snapshot.records(parts), Snapshot.objects(parts));
    }

    public BuildManifest(Parts parts) {
        super(Input.class);
        this.parts = parts;
    }

    /** Which batch. */
    public record Input(String batchId) {}

    /**
     * What the definition and whoever started the batch need to know of its end.
     *
     * @param charged USD
     * @param atRisk USD
     * @param reused jobs whose outputs were copied from an earlier batch
     * @param avoided USD that those would have cost
     * @param failures how many jobs failed for each reason
     * @param byModel a row a model
     * @param halted why nothing more was submitted, if so
     * @param sentence all of it in one sentence
     */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Summary(
            String batchId,
            int totalJobs,
            int successful,
            int failed,
            BigDecimal totalCost,
            BigDecimal estimate,
            BigDecimal charged,
            BigDecimal atRisk,
            int reused,
            BigDecimal avoided,
            Map<String, Integer> failures,
            List<ModelTotals> byModel,
            Optional<String> halted,
            List<String> warnings,
            String sentence) {}

    @Override
    Summary handle(Input input, Context context) throws IOException {
        BatchRecord batch = parts.batch(input.batchId());
        String outputDir = batch.settings().outputDir();
        BatchTotals totals = new BatchTotals();
        Course course = new Course();
        AtomicBoolean ended = new AtomicBoolean(true);
        parts.store().forEachJob(batch.batchId(), job -> {
            JobResult result = JobResult.of(job, outputDir);
            totals.add(job, result);
            course.add(job, result);
            ended.compareAndSet(true, job.state().isEnd());
        });
        Instant now = parts.clock().instant();
        Reports reports = new Reports(batch, totals, now);
        Reports.Results results = writer -> forEachResult(batch.batchId(), outputDir, writer);
        write(batch, "cost-report.json", "application/json", out -> reports.writeCostReport(out, results));
        write(batch, "cost-report.csv", "text/csv", out -> reports.writeCsv(out, results));
        write(batch, "manifest.json", "application/json", out -> reports.writeManifest(out, results));
        writePage(reports, course);
        boolean finished = ended.get() && finish(batch, now);
        Summary summary = summarize(batch, totals, reports.warnings());
        if (finished) {
            JsonNode told = Json.mapper().valueToTree(summary);
            parts.outbox().batchEnded(parts.batch(batch.batchId()), told);
        }
        LOG.atInfo()
                .setMessage("manifest written")
                .addKeyValue("batch", batch.batchId())
                .addKeyValue("successful", summary.successful())
                .addKeyValue("failed", summary.failed())
                .addKeyValue("charged_usd", summary.charged())
                .addKeyValue("at_risk_usd", summary.atRisk())
                .log();
        return summary;
    }

    private void forEachResult(String batchId, String outputDir, Reports.ResultWriter writer) throws IOException {
        try {
            parts.store().forEachJob(batchId, job -> write(writer, JobResult.of(job, outputDir)));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void write(Reports.ResultWriter writer, JobResult result) {
        try {
            writer.write(result);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The page is for looking: without it the batch is as complete. */
    private void writePage(Reports reports, Course course) {
        String batchId = reports.batch().batchId();
        ReportPage page = new ReportPage(reports, course, new Thumbnails(parts.objects()));
        try {
            write(
                    reports.batch(),
                    "report.html",
                    "text/html; charset=utf-8",
                    out -> page.write(out, action -> parts.store().forEachJob(batchId, action)));
        } catch (IOException | RuntimeException | LinkageError e) {
            LOG.atError()
                    .setMessage("no report.html")
                    .addKeyValue("batch", batchId)
                    .setCause(e)
                    .log();
        }
    }

    @FunctionalInterface
    private interface Body {
        void writeTo(OutputStream out) throws IOException;
    }

    private void write(BatchRecord batch, String path, String contentType, Body body) throws IOException {
        String key = new BatchFolder(batch.batchId()).visible(path);
        try (ObjectWriter out = parts.objects().write(key, contentType)) {
            body.writeTo(out);
            out.commit();
        }
    }

    /** Whether it is finished: not if a retry has taken it up while its records were read. */
    private boolean finish(BatchRecord read, Instant now) {
        BatchRecord latest = parts.batch(read.batchId());
        while (latest.state() != BatchState.FINISHED && latest.execution().equals(read.execution())) {
            if (parts.store().replaceBatch(latest.finished(now))) {
                return true;
            }
            latest = parts.batch(read.batchId());
        }
        return latest.state() == BatchState.FINISHED;
    }

    private static Summary summarize(BatchRecord batch, BatchTotals totals, List<String> warnings) {
        ModelTotals all = totals.all();
        return new Summary(
                batch.batchId(),
                all.jobs(),
                all.successful(),
                all.failed(),
                all.totalCost(),
                batch.estimate(),
                all.charged(),
                all.atRisk(),
                all.reused(),
                all.avoided(),
                totals.failures(),
                totals.byModel(),
                batch.halt().map(BatchRecord.Halt::message),
                warnings,
                sentence(batch, all, totals.failures()));
    }

    private static String sentence(BatchRecord batch, ModelTotals all, Map<String, Integer> failures) {
        if (all.failed() == 0) {
            String reused = all.reused() == 0 ? "" : ", " + all.reused() + " of them copied from earlier batches";
            return all.jobs() + " of " + all.jobs() + " jobs succeeded" + reused + ".";
        }
        return all.failed() + " of " + all.jobs() + " jobs failed " + failures
                + batch.halt().map(halt -> ". " + halt.message()).orElse("")
                + ". The manifest of batch " + batch.batchId() + " names each with its reason.";
    }
}
