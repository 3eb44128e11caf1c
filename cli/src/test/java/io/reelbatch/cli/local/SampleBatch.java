package io.reelbatch.cli.local;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.cli.simulator.media.MediaKind;
import io.reelbatch.cli.simulator.media.MediaMaker;
import io.reelbatch.cli.simulator.media.MediaRequest;
import io.reelbatch.domain.job.BatchRecord;
import io.reelbatch.domain.job.BatchRecord.BatchState;
import io.reelbatch.domain.job.BatchSettings;
import io.reelbatch.domain.job.BatchSettings.OnUnknownSubmit;
import io.reelbatch.domain.job.BatchSettings.ProviderApi;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.job.Reason;
import io.reelbatch.domain.job.StoredOutput;
import io.reelbatch.domain.json.Json;
import io.reelbatch.domain.plan.JobType;
import io.reelbatch.domain.plan.PlannedJob;
import io.reelbatch.domain.report.BatchTotals;
import io.reelbatch.domain.report.Course;
import io.reelbatch.domain.report.JobResult;
import io.reelbatch.domain.report.ReportPage;
import io.reelbatch.domain.report.Reports;
import io.reelbatch.domain.report.Thumbnails;
import io.reelbatch.domain.store.BatchFolder;
import io.reelbatch.domain.store.ObjectStore;
import io.reelbatch.domain.store.ObjectWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A finished batch of images without a provider, and its page: every 50th job failed. */
final class SampleBatch {
    static final BatchFolder FOLDER = new BatchFolder("sample");

    private static final Instant START = Instant.parse("2026-11-02T08:00:00Z");
    /** USD; the tutorial's table. */
    private static final BigDecimal PRICE = new BigDecimal("0.04");

    private static final int DIFFERENT_PICTURES = 4;

    private SampleBatch() {}

    static List<JobRecord> jobs(int count, String prompt) {
        List<JobRecord> jobs = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            Instant sent = START.plusSeconds(index / 20L * 12L);
            JobRecord generating = JobRecord.planned(FOLDER.batchId(), plan(index, prompt))
                    .sending(PRICE, sent, sent.plusSeconds(90))
                    .accepted(1, Optional.of("pred_" + index), Optional.empty(), sent.plusSeconds(1));
            Instant end = sent.plusSeconds(8 + index % 9);
            jobs.add(index % 50 == 49 ? failed(generating, end) : stored(generating, end));
        }
        return jobs;
    }

    private static JobRecord failed(JobRecord generating, Instant end) {
        return generating
                .generationFailed(1, "moderation", end)
                .failed(Reason.MODERATED, "The provider's moderation refused it.", end);
    }

    private static JobRecord stored(JobRecord generating, Instant end) {
        StoredOutput file =
                new StoredOutput(generating.plan().basePath() + ".png", 400_000, "00".repeat(32), "image/png");
        return generating
                .generated(1, List.of("https://example.com/a.png"), Optional.empty(), end)
                .stored(List.of(file), end.plusSeconds(1));
    }

    private static PlannedJob plan(int index, String prompt) {
        ObjectNode request = Json.mapper().createObjectNode();
        request.put("model", "black-forest-labs/flux-2-pro/text-to-image").put("prompt", prompt);
        return new PlannedJob(
                index,
                Optional.of("sku-" + index),
                "Shot " + index,
                JobType.IMAGE,
                "black-forest-labs/flux-2-pro/text-to-image",
                "generateImage",
                request,
                "images/shot_" + index,
                PRICE,
                false,
                Duration.ofSeconds(12),
                Duration.ofMinutes(5),
                2,
                Duration.ofHours(6),
                List.of(),
                List.of());
    }

    /** Puts a picture where each job says that it has one, and its thumbnail, as a run does. */
    static void putPictures(ObjectStore objects, List<JobRecord> jobs) throws IOException {
        MediaMaker maker = new MediaMaker();
        Thumbnails thumbnails = new Thumbnails(objects);
        List<StoredOutput> made = new ArrayList<>();
        for (JobRecord job : jobs) {
            for (StoredOutput output : job.outputs()) {
                if (made.size() < DIFFERENT_PICTURES) {
                    byte[] picture = maker.make(new MediaRequest(
                            MediaKind.IMAGE, "A boat", "flux", 1, made.size(), 1024, 1024, Duration.ZERO));
                    put(objects, output, picture);
                    thumbnails.keep(FOLDER, output);
                    made.add(output);
                } else {
                    StoredOutput from = made.get(job.plan().index() % DIFFERENT_PICTURES);
                    objects.copy(FOLDER.visible(from.path()), FOLDER.visible(output.path()));
                    objects.copy(thumbnail(from), thumbnail(output));
                }
            }
        }
    }

    private static String thumbnail(StoredOutput output) {
        return FOLDER.internal("thumbs/" + output.path() + ".jpg");
    }

    static void put(ObjectStore objects, StoredOutput output, byte[] bytes) throws IOException {
        try (ObjectWriter writer = objects.write(FOLDER.visible(output.path()), output.contentType())) {
            writer.write(bytes);
            writer.commit();
        }
    }

    /** The page as it is written after the manifest, from the first look at the records on. */
    static void writePage(ObjectStore objects, List<JobRecord> jobs, OutputStream out) throws IOException {
        BatchTotals totals = new BatchTotals();
        Course course = new Course();
        for (JobRecord job : jobs) {
            JobResult result = JobResult.of(job, "sample");
            totals.add(job, result);
            course.add(job, result);
        }
        Reports reports = new Reports(batch(jobs.size()), totals, START.plusSeconds(3600));
        new ReportPage(reports, course, new Thumbnails(objects)).write(out, jobs::forEach);
    }

    private static BatchRecord batch(int jobs) {
        return new BatchRecord(
                FOLDER.batchId(),
                BatchState.FINISHED,
                new BatchSettings(
                        "sample",
                        20,
                        Optional.empty(),
                        OnUnknownSubmit.RESUBMIT,
                        ProviderApi.ATLAS,
                        false,
                        Optional.empty()),
                jobs,
                PRICE.multiply(BigDecimal.valueOf(jobs)),
                List.of(),
                START,
                Optional.of(START.plusSeconds(3600)),
                Optional.empty(),
                Optional.empty(),
                3);
    }

    /** Pictures and page of {@code args[1]} jobs in folder {@code args[0]}; prints what the page took, in milliseconds. */
    @SuppressWarnings("SystemOut") // the answer of a process
    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        try (FileObjectStore objects = new FileObjectStore(folder, FOLDER.batchId())) {
            List<JobRecord> jobs =
                    jobs(Integer.parseInt(args[1]), "A paper boat on a calm lake at dawn, mist, soft light");
            putPictures(objects, jobs);
            long start = System.nanoTime();
            try (OutputStream out = Files.newOutputStream(folder.resolve("report.html"))) {
                writePage(objects, jobs, out);
            }
            System.out.println(Duration.ofNanos(System.nanoTime() - start).toMillis());
        }
    }
}
