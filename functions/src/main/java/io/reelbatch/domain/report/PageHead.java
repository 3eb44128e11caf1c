package io.reelbatch.domain.report;

import io.reelbatch.domain.job.BatchRecord;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.job.JobState;
import io.reelbatch.domain.job.Reason;
import io.reelbatch.domain.report.BatchTotals.ModelTotals;
import io.reelbatch.domain.report.Charts.Chart;
import java.math.BigDecimal;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Everything above the gallery, as {@code page.mustache} shows it; an empty text stands for nothing to show. */
record PageHead(
        Inline inline,
        String title,
        String batchId,
        String generatedAt,
        String headline,
        boolean allWell,
        String halted,
        List<Tile> tiles,
        List<String> warnings,
        List<FailureGroup> failures,
        boolean charted,
        Chart costs,
        boolean timed,
        Chart times,
        boolean ran,
        Chart timeline,
        List<Option> statuses,
        List<String> models,
        boolean severalModels,
        boolean severalKinds,
        String sampled) {
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern(
                    "d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    private static final int LISTED = 50;

    /** Style and the hashes that the page's policy names. */
    record Inline(String style, String styleHash, String scriptHash) {}

    /** A figure with what it is and what to think of it. */
    record Tile(String label, String value, String note, String kind) {}

    /** A choice of the status filter. */
    record Option(String value, String label) {}

    /** A failed job, with where its card is. */
    record Failed(int index, String name) {}

    /** A piece of a sentence; code where a name was in backticks. */
    record Piece(String text, boolean code) {}

    /** The jobs that failed for one reason, and what to do about it. */
    record FailureGroup(
            String reason,
            String count,
            List<Piece> whatHappened,
            String money,
            List<Piece> whatToDo,
            List<Failed> jobs,
            String more) {}

    static PageHead of(Reports reports, Course course, ReportPage.Jobs jobs, Inline inline) {
        BatchRecord batch = reports.batch();
        BatchTotals totals = reports.totals();
        List<ModelTotals> models = totals.byModel();
        boolean spent = models.stream()
                .anyMatch(model ->
                        model.charged().add(model.atRisk()).add(model.avoided()).signum() > 0);
        return new PageHead(
                inline,
                title(batch.settings().outputDir()),
                batch.batchId(),
                STAMP.format(reports.generatedAt()),
                headline(totals.all()),
                totals.all().failed() == 0,
                batch.halt().map(BatchRecord.Halt::message).orElse(""),
                tiles(batch, totals.all(), course),
                reports.warnings(),
                failures(totals, jobs),
                spent,
                Charts.costs(models),
                !course.seconds().isEmpty(),
                Charts.times(course),
                !course.spans().isEmpty(),
                Charts.timeline(course),
                statuses(totals),
                models.stream().map(ModelTotals::model).distinct().sorted().toList(),
                models.stream().map(ModelTotals::model).distinct().count() > 1,
                models.stream().map(ModelTotals::type).distinct().count() > 1,
                sampled(totals.all().jobs()));
    }

    /** The output folder's own name. */
    private static String title(String outputDir) {
        String[] segments = outputDir.split("/", -1);
        return Arrays.stream(segments)
                .filter(segment -> !segment.isEmpty() && !segment.startsWith("."))
                .reduce((first, last) -> last)
                .orElse("Batch");
    }

    private static String headline(ModelTotals all) {
        return all.failed() == 0
                ? "All " + Words.count(all.jobs(), "job") + " succeeded"
                : String.format(Locale.ROOT, "%,d of %s failed", all.failed(), Words.count(all.jobs(), "job"));
    }

    private static List<Tile> tiles(BatchRecord batch, ModelTotals all, Course course) {
        List<Tile> tiles = new ArrayList<>();
        tiles.add(new Tile("Charged", Words.usd(all.charged()), againstEstimate(batch, all), ""));
        tiles.add(new Tile("Estimate", Words.usd(batch.estimate()), "before the start", ""));
        tiles.add(new Tile(
                "At risk",
                Words.usd(all.atRisk()),
                all.atRisk().signum() == 0 ? "no answer was lost" : "may have been charged, nothing to show",
                all.atRisk().signum() == 0 ? "" : "warn"));
        tiles.add(new Tile(
                "Reused",
                Words.usd(all.avoided()),
                all.reused() == 0 ? "nothing copied" : Words.count(all.reused(), "file") + " copied, not paid again",
                ""));
        tiles.add(new Tile(
                "Time",
                Words.time(course.length()),
                Words.seconds(all.generationSeconds().doubleValue()) + " of generation",
                ""));
        return tiles;
    }

    private static String againstEstimate(BatchRecord batch, ModelTotals all) {
        BigDecimal off = all.charged().subtract(batch.estimate());
        return off.signum() == 0
                ? "as estimated"
                : Words.usd(off.abs()) + (off.signum() > 0 ? " over" : " under") + " the estimate";
    }

    private static List<FailureGroup> failures(BatchTotals totals, ReportPage.Jobs jobs) {
        if (totals.failures().isEmpty()) {
            return List.of();
        }
        Map<String, List<Failed>> named = new LinkedHashMap<>();
        jobs.forEach(job -> {
            if (job.state() != JobState.STORED) {
                List<Failed> list = named.computeIfAbsent(reason(job), reason -> new ArrayList<>());
                if (list.size() < LISTED) {
                    list.add(new Failed(job.plan().index(), Words.cut(job.plan().name(), 80)));
                }
            }
        });
        List<FailureGroup> groups = new ArrayList<>();
        named.forEach((reason, list) ->
                groups.add(group(reason, totals.failures().getOrDefault(reason, list.size()), list)));
        return groups;
    }

    private static String reason(JobRecord job) {
        return job.failure().map(failure -> failure.reason().word()).orElse("unfinished");
    }

    private static FailureGroup group(String word, int count, List<Failed> jobs) {
        Optional<Reason> reason = Arrays.stream(Reason.values())
                .filter(known -> known.word().equals(word))
                .findFirst();
        return new FailureGroup(
                plain(word),
                Words.count(count, "job"),
                pieces(reason.map(Reason::whatHappened).orElse("not finished when this page was made")),
                reason.map(Reason::money).orElse("as the ledger says"),
                pieces(reason.map(Reason::whatToDo).orElse("`reelbatch resume` finishes it")),
                jobs,
                count > jobs.size() ? "and " + (count - jobs.size()) + " more" : "");
    }

    /** Every second piece between backticks is code. */
    static List<Piece> pieces(String text) {
        List<Piece> pieces = new ArrayList<>();
        String[] parts = text.split("`", -1);
        for (int i = 0; i < parts.length; i++) {
            if (!parts[i].isEmpty()) {
                pieces.add(new Piece(parts[i], i % 2 == 1));
            }
        }
        return pieces;
    }

    private static List<Option> statuses(BatchTotals totals) {
        List<Option> options = new ArrayList<>();
        if (totals.all().reused() > 0) {
            options.add(new Option("reused", "Reused"));
        }
        if (totals.all().failed() > 0) {
            options.add(new Option("failed", "Failed"));
        }
        if (totals.failures().size() > 1) {
            totals.failures().keySet().stream()
                    .sorted()
                    .forEach(reason -> options.add(new Option(reason, "Failed: " + plain(reason))));
        }
        return options;
    }

    private static String plain(String word) {
        return word.replace('_', ' ');
    }

    private static String sampled(int jobs) {
        return jobs <= ReportPage.MAX_JOBS
                ? ""
                : String.format(
                        Locale.ROOT,
                        "This batch has %,d jobs: below are those that failed and a sample of the rest.",
                        jobs);
    }
}
