package io.reelbatch.domain.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.domain.job.BatchRecord;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.job.JobState;
import io.reelbatch.domain.json.Json;
import io.reelbatch.domain.report.JobResult;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A notification that a job or batch has ended. It is derived from the records, so making it again gives the same
 * notice with the same id, by which a receiver recognises a duplicate.
 *
 * @param id of the event
 * @param body JSON, whose first four fields after {@code event} are those of the well-known tutorial's webhook
 */
public record Notice(String id, String body) {
    /** Fields of the batch's summary that go into its notice as they are. */
    private static final List<String> OF_SUMMARY = List.of(
            "total_jobs",
            "successful",
            "failed",
            "estimate",
            "charged",
            "at_risk",
            "reused",
            "avoided",
            "failures",
            "halted");

    /**
     * Word of a job that is stored or has failed.
     *
     * @param url where a file of the batch is, by its path under the manifest's folder
     */
    public static Notice of(BatchRecord batch, JobRecord job, UnaryOperator<String> url) {
        boolean stored = job.state() == JobState.STORED;
        JobResult result = JobResult.of(job, batch.settings().outputDir());
        ObjectNode body = body(
                stored ? "job.stored" : "job.failed",
                result.name(),
                result.status(),
                result.path().map(url),
                result.cost());
        body.put("batch_id", job.batchId());
        body.put("job", job.plan().index());
        result.id().ifPresent(id -> body.put("id", id));
        body.put("type", result.type());
        body.put("model", result.model());
        result.reason().ifPresent(reason -> body.put("reason", reason));
        result.error().ifPresent(error -> body.put("error", error));
        body.put("charged", result.charged());
        body.put("at_risk", result.atRisk());
        moment(body, "started_at", job.startedAt());
        moment(body, "generated_at", job.generatedAt());
        moment(body, "timestamp", job.endedAt());
        return notice(body);
    }

    /**
     * Word of a batch whose manifest is written.
     *
     * @param summary what the manifest's writer says of it
     * @param url where a file of the batch is, by its path under the manifest's folder
     */
    public static Notice of(BatchRecord batch, JsonNode summary, UnaryOperator<String> url) {
        ObjectNode body = body(
                "batch.finished",
                batch.batchId(),
                summary.path("failed").asInt() == 0 ? "success" : "failed",
                Optional.of(url.apply("manifest.json")),
                summary.path("total_cost").decimalValue());
        body.put("batch_id", batch.batchId());
        OF_SUMMARY.stream().filter(summary::has).forEach(field -> body.set(field, summary.get(field)));
        moment(body, "started_at", Optional.of(batch.createdAt()));
        Notice untimed = notice(body);
        moment(body, "timestamp", batch.finishedAt());
        return new Notice(untimed.id(), body.toString());
    }

    private static ObjectNode body(String event, String name, String status, Optional<String> url, BigDecimal cost) {
        ObjectNode body = Json.mapper().createObjectNode();
        body.put("event", event);
        body.put("name", name);
        body.put("status", status);
        body.put("url", url.orElse(null));
        body.put("cost", cost);
        return body;
    }

    private static void moment(ObjectNode body, String field, Optional<Instant> moment) {
        moment.ifPresent(time -> body.put(field, time.toString()));
    }

    /** Its id is a digest of what it says, so that a batch that is resumed with nothing to do says nothing new. */
    private static Notice notice(ObjectNode body) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(body.toString().getBytes(StandardCharsets.UTF_8));
            return new Notice("msg_" + HexFormat.of().formatHex(digest, 0, 16), body.toString());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
