package io.reelbatch.domain.report;

import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.report.PageHead.Piece;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One job as {@code card.mustache} shows it; an empty text stands for nothing to show.
 *
 * @param status {@code stored}, {@code reused} or {@code failed}
 * @param link to the file, relative
 * @param embedded a picture of it, a JPEG in Base64, for which the page has room
 */
record Card(
        int index,
        String name,
        String kind,
        String model,
        String shortModel,
        String status,
        String reason,
        List<Piece> error,
        String prompt,
        String cost,
        String costNote,
        String time,
        String attempts,
        String link,
        String embedded,
        boolean image,
        boolean video,
        boolean audio,
        List<Fact> facts) {
    /** Characters; the whole prompt is in the manifest. */
    private static final int MAX_PROMPT = 1500;

    private static final int MAX_ERROR = 600;

    /** A line of the details. */
    record Fact(String label, String value) {}

    static Card of(JobRecord job, JobResult result, String embedded) {
        String content = result.contentType().orElse("");
        boolean stored = result.status().equals("success");
        return new Card(
                job.plan().index(),
                Words.cut(result.name(), 200),
                result.type(),
                result.model(),
                Words.shortModel(result.model()),
                !stored ? "failed" : result.reusedFrom().isPresent() ? "reused" : "stored",
                result.reason().orElse(""),
                result.error()
                        .map(error -> PageHead.pieces(Words.cut(error, MAX_ERROR)))
                        .orElse(List.of()),
                Words.cut(result.prompt(), MAX_PROMPT),
                Words.usd(result.charged()),
                costNote(result),
                result.generationTime()
                        .map(BigDecimal::doubleValue)
                        .map(Words::seconds)
                        .orElse(""),
                result.attempts() > 1 ? Words.count(result.attempts(), "attempt") : "",
                result.path().map(Words::link).orElse(""),
                embedded,
                content.startsWith("image/"),
                content.startsWith("video/"),
                content.startsWith("audio/"),
                facts(job, result));
    }

    private static String costNote(JobResult result) {
        if (result.atRisk().signum() > 0) {
            return Words.usd(result.atRisk()) + " at risk";
        }
        if (result.avoided().signum() > 0) {
            return Words.usd(result.avoided()) + " saved";
        }
        return result.priceGuessed() ? "price guessed" : "";
    }

    private static List<Fact> facts(JobRecord job, JobResult result) {
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("Model", result.model()));
        result.id().ifPresent(id -> facts.add(new Fact("Your id", Words.cut(id, 200))));
        facts.add(new Fact("Attempts", Integer.toString(result.attempts())));
        if (result.unknownSubmits() > 0) {
            facts.add(new Fact("Answers lost", Integer.toString(result.unknownSubmits())));
        }
        facts.add(new Fact("Price from", result.priceSource()));
        if (!result.predictions().isEmpty()) {
            facts.add(new Fact("Prediction", Words.cut(String.join(", ", result.predictions()), 300)));
        }
        result.path().ifPresent(path -> facts.add(new Fact("File", path)));
        file(result).ifPresent(facts::add);
        result.reusedFrom().ifPresent(from -> facts.add(new Fact("Copied from batch", from)));
        job.plan().warnings().forEach(warning -> facts.add(new Fact("Adapted", Words.cut(warning, 300))));
        return facts;
    }

    private static Optional<Fact> file(JobResult result) {
        return result.bytes()
                .map(bytes -> new Fact(
                        "Size", Words.bytes(bytes) + ", " + result.contentType().orElse("")));
    }
}
