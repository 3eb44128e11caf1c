package io.reelbatch.adapters.metrics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.domain.job.Attempt;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.job.JobState;
import io.reelbatch.domain.json.Json;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Metrics for CloudWatch, as log lines in its embedded metric format, which need no call. What is counted is the change
 * that one write made to a job's record, so a step that runs twice or a retried batch counts nothing twice. Namespace
 * {@value #NAMESPACE}; each metric of a job is written once for the stack and once for its model.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html">
 *     the format</a>
 */
public final class Metrics {
    /** Of all metrics. */
    public static final String NAMESPACE = "reelbatch";

    private static final String STACK = "Stack";
    private static final String MODEL = "Model";
    private static final String COUNT = "Count";
    private static final String SECONDS = "Seconds";
    /** Money has no unit of CloudWatch's. */
    private static final String NO_UNIT = "None";

    private final Optional<Sink> sink;

    private record Sink(String stack, PrintStream out, Clock clock) {}

    /** A figure and its unit. */
    private record Figure(Number value, String unit) {}

    private Metrics(Optional<Sink> sink) {
        this.sink = sink;
    }

    /** Writes nothing. */
    public static Metrics none() {
        return new Metrics(Optional.empty());
    }

    /**
     * Writes a line for each event.
     *
     * @param stack value of the dimension {@code Stack}
     * @param out what CloudWatch Logs collects: stdout in Lambda
     */
    public static Metrics to(String stack, PrintStream out, Clock clock) {
        return new Metrics(Optional.of(new Sink(stack, out, clock)));
    }

    /** Counts what became of a job with one write of its record. */
    public void jobChanged(JobRecord before, JobRecord after) {
        Map<String, Figure> figures = new TreeMap<>();
        if (after.state().isEnd() && !before.state().isEnd()) {
            boolean stored = after.state() == JobState.STORED;
            figures.put(stored ? "JobsSucceeded" : "JobsFailed", new Figure(1, COUNT));
        }
        usd(before, after, Attempt::charged).ifPresent(usd -> figures.put("CostUsd", usd));
        usd(before, after, Attempt::atRisk).ifPresent(usd -> figures.put("AtRiskUsd", usd));
        if (after.throttled() > before.throttled()) {
            figures.put("Throttled", new Figure(after.throttled() - before.throttled(), COUNT));
        }
        if (after.generatedAt().isPresent() && before.generatedAt().isEmpty()) {
            after.current()
                    .map(attempt -> Duration.between(
                            attempt.sentAt(), after.generatedAt().get()))
                    .ifPresent(time -> figures.put("GenerationSeconds", seconds(time)));
        }
        write(figures, Optional.of(after.plan().model()));
    }

    /** Counts how long a generation had been ready before it was noticed. */
    public void noticed(String model, Duration afterReady) {
        write(Map.of("OvershootSeconds", seconds(afterReady)), Optional.of(model));
    }

    /** Counts a config that could not be run, whichever way it came. */
    public void configRefused() {
        write(Map.of("ConfigsRefused", new Figure(1, COUNT)), Optional.empty());
    }

    /** Counts the batches that no execution works on and whose records could not be ended yet. */
    public void stuckBatches(int count) {
        write(Map.of("StuckBatches", new Figure(count, COUNT)), Optional.empty());
    }

    private static Optional<Figure> usd(JobRecord before, JobRecord after, Function<Attempt, BigDecimal> part) {
        BigDecimal change = sum(after, part).subtract(sum(before, part));
        return change.signum() == 0 ? Optional.empty() : Optional.of(new Figure(change, NO_UNIT));
    }

    private static BigDecimal sum(JobRecord job, Function<Attempt, BigDecimal> part) {
        return job.attempts().stream().map(part).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static Figure seconds(Duration time) {
        return new Figure(BigDecimal.valueOf(time.toMillis(), 3), SECONDS);
    }

    private void write(Map<String, Figure> figures, Optional<String> model) {
        if (sink.isEmpty() || figures.isEmpty()) {
            return;
        }
        ObjectNode line = Json.mapper().createObjectNode();
        describe(line.putObject("_aws"), figures, model.isPresent());
        line.put(STACK, sink.get().stack());
        model.ifPresent(name -> line.put(MODEL, name));
        figures.forEach((name, figure) -> line.putPOJO(name, figure.value()));
        try {
            sink.get().out().println(Json.mapper().writeValueAsString(line));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void describe(ObjectNode aws, Map<String, Figure> figures, boolean ofModel) {
        aws.put("Timestamp", sink.orElseThrow().clock().millis());
        ObjectNode directive = aws.putArray("CloudWatchMetrics").addObject();
        directive.put("Namespace", NAMESPACE);
        ArrayNode dimensions = directive.putArray("Dimensions");
        dimensions.addArray().add(STACK);
        if (ofModel) {
            dimensions.addArray().add(STACK).add(MODEL);
        }
        ArrayNode metrics = directive.putArray("Metrics");
        figures.forEach((name, figure) -> metrics.addObject().put("Name", name).put("Unit", figure.unit()));
    }
}
