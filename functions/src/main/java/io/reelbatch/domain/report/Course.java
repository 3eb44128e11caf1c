package io.reelbatch.domain.report;

import io.reelbatch.domain.job.Attempt;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.job.JobState;
import io.reelbatch.domain.plan.JobType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** When the jobs of a batch ran and how long each model took: the data behind the report page's charts. */
public final class Course {
    private final List<Span> spans = new ArrayList<>();
    private final Map<String, List<Double>> seconds = new TreeMap<>();

    /**
     * A job from its first submit to its end.
     *
     * @param name cut, for a tooltip
     */
    record Span(String name, Kind kind, Instant start, Instant end) {
        Duration length() {
            return Duration.between(start, end);
        }
    }

    /** What a span's colour says. */
    enum Kind {
        IMAGE,
        VIDEO,
        FAILED
    }

    /** Takes in one job. */
    public void add(JobRecord job, JobResult result) {
        result.generationTime()
                .ifPresent(time -> seconds.computeIfAbsent(result.model(), model -> new ArrayList<>())
                        .add(time.doubleValue()));
        Optional<Instant> start = job.attempts().stream().map(Attempt::sentAt).findFirst();
        if (start.isPresent() && job.endedAt().isPresent()) {
            Instant end = job.endedAt().get();
            spans.add(new Span(
                    Words.cut(result.name(), 60),
                    kind(job),
                    start.get(),
                    end.isBefore(start.get()) ? start.get() : end));
        }
    }

    private static Kind kind(JobRecord job) {
        if (job.state() == JobState.FAILED) {
            return Kind.FAILED;
        }
        return job.plan().type() == JobType.VIDEO ? Kind.VIDEO : Kind.IMAGE;
    }

    /** In the order of the config. */
    List<Span> spans() {
        return spans;
    }

    /** Generation times in seconds, ascending, by model. */
    Map<String, List<Double>> seconds() {
        Map<String, List<Double>> sorted = new TreeMap<>();
        seconds.forEach(
                (model, times) -> sorted.put(model, times.stream().sorted().toList()));
        return sorted;
    }

    /** From the first submit to the last end; zero when nothing was sent. */
    Duration length() {
        return start().isEmpty()
                ? Duration.ZERO
                : Duration.between(
                        start().get(),
                        spans.stream().map(Span::end).max(Instant::compareTo).orElseThrow());
    }

    /** The first submit. */
    Optional<Instant> start() {
        return spans.stream().map(Span::start).min(Instant::compareTo);
    }
}
