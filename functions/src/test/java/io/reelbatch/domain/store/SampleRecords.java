package io.reelbatch.domain.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.domain.job.Attempt;
import io.reelbatch.domain.job.AttemptState;
import io.reelbatch.domain.job.BatchRecord;
import io.reelbatch.domain.job.BatchRecord.BatchState;
import io.reelbatch.domain.job.BatchRecord.Halt;
import io.reelbatch.domain.job.BatchSettings;
import io.reelbatch.domain.job.BatchSettings.OnUnknownSubmit;
import io.reelbatch.domain.job.BatchSettings.ProviderApi;
import io.reelbatch.domain.job.Failure;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.job.JobState;
import io.reelbatch.domain.job.Reason;
import io.reelbatch.domain.job.Reused;
import io.reelbatch.domain.job.StoredOutput;
import io.reelbatch.domain.json.Json;
import io.reelbatch.domain.pace.PollSchedule;
import io.reelbatch.domain.plan.InputImage;
import io.reelbatch.domain.plan.JobType;
import io.reelbatch.domain.plan.PlannedJob;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Records to store: bare ones, and ones with something odd in every field. */
public final class SampleRecords {
    static final Instant NOW = Instant.parse("2026-11-01T12:00:00.123456789Z");

    /** Emoji with joiners, right-to-left, combining marks, controls, quotes, the last BMP and the last Unicode character. */
    static final String ODD = "héro 英雄 \"q\" \\ / \u0000\t\n\u001f\u007f\u0085\u2028 👩‍👩‍👧 שלום e\u0301 \ufffd\uffff"
            + Character.toString(0x10FFFF) + " '; DROP TABLE job; -- ${x} <b>";

    private SampleRecords() {}

    public static BatchRecord batch(String batchId) {
        return new BatchRecord(
                batchId,
                BatchState.PLANNING,
                new BatchSettings(
                        "out",
                        5,
                        Optional.empty(),
                        OnUnknownSubmit.RESUBMIT,
                        ProviderApi.ATLAS,
                        false,
                        Optional.empty()),
                2,
                new BigDecimal("0.95"),
                List.of(),
                NOW,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                1);
    }

    public static BatchRecord fullBatch(String batchId) {
        return new BatchRecord(
                batchId,
                BatchState.FINISHED,
                new BatchSettings(
                        ODD,
                        100_000,
                        Optional.of(new BigDecimal("5.00")),
                        OnUnknownSubmit.FAIL,
                        ProviderApi.TUTORIAL,
                        true,
                        Optional.of(1_000_000_000_000_000L)),
                100_000,
                new BigDecimal("123456789.123456789"),
                List.of(ODD, ""),
                NOW,
                Optional.of(NOW.plusSeconds(1)),
                Optional.of(new Halt(Reason.OUT_OF_BALANCE, ODD)),
                Optional.of(ODD),
                1);
    }

    public static BatchRecord next(BatchRecord batch, String warning) {
        return new BatchRecord(
                batch.batchId(),
                batch.state(),
                batch.settings(),
                batch.jobs(),
                batch.estimate(),
                List.of(warning),
                batch.createdAt(),
                batch.finishedAt(),
                batch.halt(),
                batch.execution(),
                batch.version() + 1);
    }

    public static JobRecord job(String batchId, int index) {
        return job(batchId, index, "a cat");
    }

    public static JobRecord job(String batchId, int index, String prompt) {
        ObjectNode request = Json.mapper().createObjectNode();
        request.put("model", "flux").put("prompt", prompt);
        return JobRecord.planned(
                batchId,
                new PlannedJob(
                        index,
                        Optional.empty(),
                        "job " + index,
                        JobType.IMAGE,
                        "flux",
                        "generateImage",
                        request,
                        "images/job_" + index,
                        new BigDecimal("0.04"),
                        false,
                        Duration.ofSeconds(12),
                        Duration.ofMinutes(5),
                        2,
                        Duration.ofHours(6),
                        List.of(),
                        List.of()));
    }

    /** The same job one version later; {@code mark} tells apart what different writers wrote. */
    public static JobRecord next(JobRecord job, String mark) {
        return new JobRecord(
                job.batchId(),
                job.plan(),
                JobState.SUBMITTING,
                job.attempts(),
                job.countedFrom(),
                job.throttled(),
                job.failure(),
                List.of(mark),
                job.outputs(),
                job.waits(),
                job.schedule(),
                job.startedAt(),
                job.waitUntil(),
                job.generatedAt(),
                job.endedAt(),
                job.reused(),
                job.version() + 1);
    }

    public static JobRecord fullJob(String batchId, int index) {
        return new JobRecord(
                batchId,
                fullPlan(index),
                JobState.FAILED,
                List.of(
                        new Attempt(
                                1,
                                AttemptState.UNKNOWN,
                                new BigDecimal("0.10"),
                                Optional.empty(),
                                NOW,
                                NOW.plusSeconds(90),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(ODD)),
                        new Attempt(
                                2,
                                AttemptState.SUCCEEDED,
                                new BigDecimal("0.000000001"),
                                Optional.of(new BigDecimal("0.030")),
                                NOW,
                                NOW.plusNanos(1),
                                Optional.of(ODD),
                                Optional.of(URI.create("https://example.com/poll?a=%2F&b=c#d")),
                                Optional.of(Instant.EPOCH),
                                Optional.empty())),
                2,
                7,
                Optional.of(new Failure(Reason.DOWNLOAD_FAILED, ODD, JobState.GENERATED)),
                List.of("https://example.com/a.png?sig=%2B+", ODD),
                List.of(new StoredOutput("images/héro.png", 5_000_000_000L, "00ff", "image/png")),
                List.of(5, 8, 11, 30),
                Optional.of(PollSchedule.Source.LEARNED),
                Optional.of(NOW),
                Optional.of(NOW.plusSeconds(300)),
                Optional.of(NOW.plusMillis(1)),
                Optional.of(NOW.plusSeconds(3600)),
                Optional.of(new Reused(ODD, new BigDecimal("0.000000001"))),
                1);
    }

    private static PlannedJob fullPlan(int index) {
        ObjectNode request = Json.mapper().createObjectNode();
        request.put("model", "veo").put("prompt", ODD).put("seed", Long.MAX_VALUE);
        request.put("guidance", new BigDecimal("7.50")).put("audio", true).putNull("last_image");
        request.putArray("images").add(ODD).add(1).addObject().put(ODD, ODD);
        return new PlannedJob(
                index,
                Optional.of(ODD),
                ODD,
                JobType.VIDEO,
                "google/veo",
                "generateVideo",
                request,
                "videos/héro",
                new BigDecimal("1.50"),
                true,
                Duration.ofMillis(90_500),
                Duration.ofDays(1),
                0,
                Duration.ZERO,
                List.of(ODD),
                List.of(new InputImage(ODD, ODD, "00ff", "image/png", 5_000_000_000L)));
    }
}
