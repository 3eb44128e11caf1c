package io.reelbatch.domain.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.reelbatch.domain.job.Attempt;
import io.reelbatch.domain.job.AttemptState;
import io.reelbatch.domain.job.Failure;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.job.JobState;
import io.reelbatch.domain.job.Reused;
import io.reelbatch.domain.job.StoredOutput;
import io.reelbatch.domain.pace.PollSchedule;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One job in the manifest. The first nine fields are those of the well-known tutorial's manifest, under its names.
 *
 * @param status {@code success} or {@code failed}
 * @param localPath the file, output folder included
 * @param cost USD charged for a success; 0 for a failure
 * @param generationTime seconds from the submit to when the provider was seen to be done
 * @param reason why it failed, one of the fixed words
 * @param path the file, under the folder of the manifest
 * @param alsoPaths further files of the same generation
 * @param priceSource who says what it costs: {@code table}, {@code quote} where the provider asked for more, or {@code guess}
 * @param charged USD charged whether it succeeded or not
 * @param atRisk USD that may have been charged without a result
 * @param attempts submits that may have cost money or were answered
 * @param unknownSubmits attempts whose answer was lost; beyond the first submit they are what may have been paid twice
 * @param predictions the provider's ids of every accepted attempt
 * @param waits seconds waited before each poll
 * @param schedule what they were chosen by: {@code learned}, {@code expected} or {@code fixed}
 * @param reusedFrom the batch that paid for the file, if this one did not
 * @param avoided USD that were not paid because of that
 * @param variation which take it is, from 1, of a job with variations
 * @param seed as sent, if one was
 * @param files every stored output, the first included: what {@code reelbatch verify} checks
 */
@JsonNaming(SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.ALWAYS)
public record JobResult(
        String name,
        String model,
        String type,
        String status,
        Optional<String> outputUrl,
        Optional<String> localPath,
        BigDecimal cost,
        Optional<BigDecimal> generationTime,
        Optional<String> error,
        Optional<String> id,
        String prompt,
        Optional<String> reason,
        Optional<String> path,
        List<String> alsoPaths,
        Optional<Long> bytes,
        Optional<String> sha256,
        Optional<String> contentType,
        BigDecimal charged,
        BigDecimal atRisk,
        boolean priceGuessed,
        String priceSource,
        int attempts,
        int unknownSubmits,
        List<String> predictions,
        List<Integer> waits,
        Optional<PollSchedule.Source> schedule,
        Optional<String> reusedFrom,
        BigDecimal avoided,
        Optional<Integer> variation,
        Optional<Long> seed,
        List<StoredFile> files) {

    /**
     * A stored output.
     *
     * @param path under the folder of the manifest
     * @param bytes its length
     * @param sha256 of its content, lower-case hex
     * @param contentType what its bytes say it is
     */
    @JsonNaming(SnakeCaseStrategy.class)
    public record StoredFile(String path, long bytes, String sha256, String contentType) {
        static StoredFile of(StoredOutput output) {
            return new StoredFile(output.path(), output.bytes(), output.sha256(), output.contentType());
        }
    }

    /** The result that a record stands for, {@code outputDir} in front of its local path. */
    public static JobResult of(JobRecord job, String outputDir) {
        boolean stored = job.state() == JobState.STORED;
        Optional<StoredOutput> file = job.outputs().stream().findFirst();
        BigDecimal charged = sum(job, Attempt::charged);
        return new JobResult(
                job.plan().name(),
                job.plan().model(),
                job.plan().type().word(),
                stored ? "success" : "failed",
                job.outputUrls().stream().filter(JobResult::isPublic).findFirst(),
                file.map(output -> outputDir + "/" + output.path()),
                stored ? charged : BigDecimal.ZERO,
                generationTime(job),
                stored ? Optional.empty() : Optional.of(error(job)),
                job.plan().id(),
                job.plan().prompt(),
                stored ? Optional.empty() : Optional.of(reason(job)),
                file.map(StoredOutput::path),
                job.outputs().stream().skip(1).map(StoredOutput::path).toList(),
                file.map(StoredOutput::bytes),
                file.map(StoredOutput::sha256),
                file.map(StoredOutput::contentType),
                charged,
                sum(job, attempt -> attempt.atRisk().add(attempt.reserved())),
                job.plan().priceGuessed(),
                priceSource(job),
                job.attempts().size(),
                (int) job.attempts().stream()
                        .filter(attempt -> attempt.state() == AttemptState.UNKNOWN)
                        .count(),
                job.attempts().stream()
                        .flatMap(attempt -> attempt.predictionId().stream())
                        .toList(),
                job.waits(),
                job.schedule(),
                job.reused().map(Reused::batchId),
                job.reused().map(Reused::avoided).orElse(BigDecimal.ZERO),
                job.plan().variation(),
                Optional.of(job.plan().request().path("seed"))
                        .filter(JsonNode::isIntegralNumber)
                        .map(JsonNode::longValue),
                job.outputs().stream().map(StoredFile::of).toList());
    }

    private static String priceSource(JobRecord job) {
        boolean quoted = job.quote()
                .map(quote -> quote.compareTo(job.plan().price()) > 0)
                .orElse(false);
        if (quoted) {
            return "quote";
        }
        return job.plan().priceGuessed() ? "guess" : "table";
    }

    /** Not parsed: servers put into their URLs what does not belong there. */
    private static boolean isPublic(String url) {
        return url.regionMatches(true, 0, "https://", 0, 8) || url.regionMatches(true, 0, "http://", 0, 7);
    }

    private static BigDecimal sum(JobRecord job, java.util.function.Function<Attempt, BigDecimal> part) {
        return job.attempts().stream().map(part).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static Optional<BigDecimal> generationTime(JobRecord job) {
        return job.generatedAt()
                .flatMap(done -> job.current()
                        .map(attempt -> Duration.between(attempt.sentAt(), done))
                        .map(time -> BigDecimal.valueOf(time.toMillis(), 3).setScale(1, RoundingMode.HALF_UP)));
    }

    private static String error(JobRecord job) {
        return job.failure()
                .map(Failure::message)
                .orElse("Not finished: it is " + job.state() + ". `resume` finishes it.");
    }

    private static String reason(JobRecord job) {
        return job.failure().map(failure -> failure.reason().word()).orElse("unfinished");
    }
}
