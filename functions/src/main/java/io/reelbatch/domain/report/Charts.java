package io.reelbatch.domain.report;

import io.reelbatch.domain.report.BatchTotals.ModelTotals;
import io.reelbatch.domain.report.Course.Kind;
import io.reelbatch.domain.report.Course.Span;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the charts of a page show, laid out for {@code charts.mustache}: across in percent, so that a chart is as wide as its
 * place and its text is not scaled; down in pixels. See {@code docs/adr/0010} for why no charting library is used.
 */
final class Charts {
    /** More models than this are in the cost report. */
    private static final int MAX_ROWS = 12;

    private static final int COST_ROW = 44;
    private static final int TIME_ROW = 50;
    private static final int LANE = 12;
    /** With more lanes or spans a bar for each is no longer legible. */
    private static final int MAX_LANES = 24;

    private static final int MAX_SPANS = 400;
    private static final int COLUMNS = 120;
    private static final int COLUMN_HEIGHT = 120;

    private Charts() {}

    /** A rectangle. */
    record Bar(String kind, String x, String width, int y, int height, String title) {}

    /** A row of a bar chart. */
    record Row(String label, String title, String value, int labelY, List<Bar> bars) {}

    /** A vertical line with what it stands for. */
    record Tick(String x, String label, String anchor) {}

    /** A colour and what it stands for. */
    record Key(String kind, String words) {}

    private static final List<Key> KEYS = List.of(
            new Key("paid", "charged"),
            new Key("lost", "charged, no file"),
            new Key("risk", "at risk"),
            new Key("saved", "reused, not paid again"),
            new Key("box", "the middle half"),
            new Key("median", "median"),
            new Key("whisker", "shortest to longest"),
            new Key("image", "image"),
            new Key("video", "video"),
            new Key("failed", "failed"));

    /** A chart: rows or bare bars, over ticks, and what the colours in it stand for. */
    record Chart(
            int height,
            int plotHeight,
            int tickY,
            List<Row> rows,
            List<Bar> bars,
            List<Tick> ticks,
            String words,
            List<Key> keys) {
        Chart(int height, int plotHeight, List<Row> rows, List<Bar> bars, List<Tick> ticks, String words) {
            this(height, plotHeight, plotHeight + 16, rows, bars, ticks, words, keysOf(rows, bars));
        }

        private static List<Key> keysOf(List<Row> rows, List<Bar> bars) {
            Set<String> kinds = Stream.concat(rows.stream().flatMap(row -> row.bars().stream()), bars.stream())
                    .map(Bar::kind)
                    .collect(Collectors.toSet());
            return KEYS.stream().filter(key -> kinds.contains(key.kind())).toList();
        }
    }

    /** What each model cost: with a result, without, at risk, and what reuse saved. */
    static Chart costs(List<ModelTotals> models) {
        List<ModelTotals> shown = models.stream()
                .sorted(Comparator.comparing(Charts::whole).reversed())
                .limit(MAX_ROWS)
                .toList();
        double most = shown.stream()
                .map(Charts::whole)
                .mapToDouble(BigDecimal::doubleValue)
                .max()
                .orElse(0);
        List<Row> rows = new ArrayList<>();
        for (ModelTotals model : shown) {
            int y = rows.size() * COST_ROW;
            rows.add(new Row(
                    Words.shortModel(model.model()),
                    model.model(),
                    Words.usd(model.charged()) + " · " + Words.count(model.jobs(), "job"),
                    y + 14,
                    costBars(model, y + 22, most)));
        }
        int height = rows.size() * COST_ROW;
        return new Chart(height, height, rows, List.of(), List.of(), "");
    }

    private static BigDecimal whole(ModelTotals model) {
        return model.charged().add(model.atRisk()).add(model.avoided());
    }

    private static List<Bar> costBars(ModelTotals model, int y, double most) {
        List<Bar> bars = new ArrayList<>();
        bars.add(new Bar("track", "0%", "100%", y, 10, ""));
        double from = 0;
        List<Part> parts = List.of(
                new Part("paid", model.totalCost(), "charged"),
                new Part("lost", model.charged().subtract(model.totalCost()), "charged without a file"),
                new Part("risk", model.atRisk(), "at risk"),
                new Part("saved", model.avoided(), "not paid again"));
        for (Part part : parts) {
            double share = most == 0 ? 0 : part.usd().doubleValue() / most;
            if (share > 0) {
                bars.add(new Bar(
                        part.kind(), percent(from), percent(share), y, 10, Words.usd(part.usd()) + " " + part.words()));
                from += share;
            }
        }
        return bars;
    }

    private record Part(String kind, BigDecimal usd, String words) {}

    /** How long each model took: the middle half as a box, the median in it, all of it as a line. */
    static Chart times(Course course) {
        double longest = course.seconds().values().stream()
                .mapToDouble(times -> times.get(times.size() - 1))
                .max()
                .orElse(0);
        TimeAxis axis = TimeAxis.to(longest);
        List<Row> rows = new ArrayList<>();
        course.seconds().entrySet().stream().limit(MAX_ROWS).forEach(entry -> {
            List<Double> times = entry.getValue();
            int y = rows.size() * TIME_ROW;
            rows.add(new Row(
                    Words.shortModel(entry.getKey()),
                    entry.getKey(),
                    "median " + Words.seconds(quantile(times, 0.5)),
                    y + 14,
                    box(times, y + 22, axis)));
        });
        int height = rows.size() * TIME_ROW;
        return new Chart(height + 22, height, rows, List.of(), axis.ticks(), "");
    }

    private static List<Bar> box(List<Double> times, int y, TimeAxis axis) {
        double least = times.get(0);
        double most = times.get(times.size() - 1);
        double q1 = quantile(times, 0.25);
        double q3 = quantile(times, 0.75);
        double median = quantile(times, 0.5);
        String words = Words.count(times.size(), "job") + ": " + Words.seconds(least) + " to " + Words.seconds(most)
                + ", half of them " + Words.seconds(q1) + " to " + Words.seconds(q3);
        return List.of(
                new Bar("whisker", axis.at(least), axis.length(most - least), y + 7, 2, words),
                new Bar("box", axis.at(q1), axis.length(q3 - q1), y, 16, words),
                new Bar("median", axis.at(median), "2.5px", y - 2, 20, words));
    }

    /** The value below which that share of the ascending values lies; linear in between. */
    static double quantile(List<Double> sorted, double share) {
        double place = share * (sorted.size() - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.size() - 1);
        return sorted.get(below) + (place - below) * (sorted.get(above) - sorted.get(below));
    }

    /** What ran when: a bar a job where they are legible, else how many at once. */
    static Chart timeline(Course course) {
        Instant start = course.start().orElse(Instant.EPOCH);
        TimeAxis axis = TimeAxis.to(course.length().toMillis() / 1000.0);
        List<Span> spans = course.spans().stream()
                .sorted(Comparator.comparing(Span::start))
                .toList();
        if (spans.size() <= MAX_SPANS) {
            List<Instant> lanes = new ArrayList<>();
            List<Bar> bars =
                    spans.stream().map(span -> lane(span, start, axis, lanes)).toList();
            if (lanes.size() <= MAX_LANES) {
                int height = lanes.size() * LANE;
                String words = "A bar is a job, from its first submit to its end.";
                return new Chart(height + 22, height, List.of(), bars, axis.ticks(), words);
            }
        }
        return columns(spans, start, axis);
    }

    private static Bar lane(Span span, Instant start, TimeAxis axis, List<Instant> lanes) {
        int lane = 0;
        while (lane < lanes.size() && lanes.get(lane).isAfter(span.start())) {
            lane++;
        }
        if (lane == lanes.size()) {
            lanes.add(span.end());
        } else {
            lanes.set(lane, span.end());
        }
        return new Bar(
                kind(span.kind()),
                axis.at(seconds(start, span.start())),
                axis.length(span.length().toMillis() / 1000.0),
                lane * LANE + 1,
                LANE - 2,
                span.name() + ", " + Words.time(span.length()));
    }

    private static Chart columns(List<Span> spans, Instant start, TimeAxis axis) {
        Map<Kind, int[]> counts = new EnumMap<>(Kind.class);
        int[] all = new int[COLUMNS];
        for (Span span : spans) {
            int[] ofKind = counts.computeIfAbsent(span.kind(), kind -> new int[COLUMNS]);
            int last = axis.column(seconds(start, span.end()));
            for (int column = axis.column(seconds(start, span.start())); column <= last; column++) {
                ofKind[column]++;
                all[column]++;
            }
        }
        int most = Math.max(1, Arrays.stream(all).max().orElse(1));
        String words = "How many jobs were under way at once; at most " + most + ".";
        return new Chart(COLUMN_HEIGHT + 22, COLUMN_HEIGHT, List.of(), stacks(counts, most), axis.ticks(), words);
    }

    private static List<Bar> stacks(Map<Kind, int[]> counts, int most) {
        List<Bar> bars = new ArrayList<>();
        for (int column = 0; column < COLUMNS; column++) {
            int y = COLUMN_HEIGHT;
            for (Map.Entry<Kind, int[]> kind : counts.entrySet()) {
                int count = kind.getValue()[column];
                int height = Math.round((float) count * COLUMN_HEIGHT / most);
                y -= height;
                if (height > 0) {
                    String x = percent((double) column / COLUMNS);
                    bars.add(new Bar(kind(kind.getKey()), x, percent(1.0 / COLUMNS), y, height, count + " at once"));
                }
            }
        }
        return bars;
    }

    private static String kind(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private static double seconds(Instant start, Instant moment) {
        return Duration.between(start, moment).toMillis() / 1000.0;
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f%%", share * 100);
    }

    /** From 0 to {@code end} seconds, a tick every {@code step}. */
    private record TimeAxis(double end, double step) {
        private static final double[] STEPS = {0.1, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600};
        private static final int MOST_TICKS = 5;

        static TimeAxis to(double longest) {
            double step = STEPS[STEPS.length - 1];
            for (int i = STEPS.length - 1; i >= 0 && longest / STEPS[i] <= MOST_TICKS; i--) {
                step = STEPS[i];
            }
            while (longest / step > MOST_TICKS) {
                step *= 2;
            }
            return new TimeAxis(Math.max(longest * 1.01, step / 2), step);
        }

        String at(double seconds) {
            return percent(seconds / end);
        }

        String length(double seconds) {
            return percent(Math.max(seconds / end, 0.003));
        }

        int column(double seconds) {
            return Math.min(COLUMNS - 1, Math.max(0, (int) (seconds / end * COLUMNS)));
        }

        List<Tick> ticks() {
            List<Tick> ticks = new ArrayList<>();
            for (int i = 0; i * step <= end; i++) {
                String anchor = i == 0 ? "start" : i * step > end * 0.93 ? "end" : "middle";
                ticks.add(new Tick(at(i * step), i == 0 ? "0" : Words.seconds(i * step), anchor));
            }
            return ticks;
        }
    }
}
