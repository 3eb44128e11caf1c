package io.reelbatch.domain.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.domain.plan.JobType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** From the jobs of a tree, and the defaults beneath them, to {@link JobConfig}s; with the checks a schema cannot make. */
final class JobReader {
    private static final int LARGEST_BYTES = 300 * 1024;
    private static final int MOST_BYTES_PER_CHARACTER = 6;
    private static final int DEFAULT_RETRIES = 2;
    private static final Duration IMAGE_TIMEOUT = Duration.ofMinutes(5);
    private static final Duration VIDEO_TIMEOUT = Duration.ofMinutes(10);
    private static final Duration DEFAULT_QUEUE_WAIT = Duration.ofHours(1);
    private static final Duration LONGEST_WAIT = Duration.ofHours(24);
    private static final int LONGEST_VIDEO = 3600;
    private static final Pattern TIME = Pattern.compile("(?:(\\d{1,2})h)?(?:(\\d{1,4})m)?(?:(\\d{1,5})s)?");
    private static final Set<String> NOT_IN_PARAMS = Set.of("model", "prompt");

    private final Source source;
    private final List<ConfigProblem> problems;
    private final Set<Integer> broken;
    private final Defaults defaults;
    private final InputReader inputs;
    private final Map<String, Integer> ids = new HashMap<>();

    /**
     * Prepares to read.
     *
     * @param problems where to add what is wrong
     * @param broken positions of jobs that are wrong already: they are checked as far as they go, and not made
     */
    JobReader(Source source, List<ConfigProblem> problems, Set<Integer> broken) {
        this.source = source;
        this.problems = problems;
        this.broken = broken;
        this.inputs = new InputReader(source, problems);
        this.defaults = new Defaults(source.root().path("defaults"), source.lines());
    }

    /** The jobs that can be made. */
    List<JobConfig> read() {
        JsonNode jobs = source.root().path("jobs");
        List<JobConfig> made = new ArrayList<>(jobs.size());
        for (int i = 0; i < jobs.size(); i++) {
            if (jobs.get(i) instanceof ObjectNode job) {
                read(i, job).ifPresent(made::add);
            }
        }
        return made;
    }

    private Optional<JobConfig> read(int index, ObjectNode own) {
        int before = problems.size();
        JsonNode type = own.has("type") ? own.path("type") : defaults.type();
        ObjectNode job = defaults.beneath(own, type.asText());
        require(index, "type", type);
        require(index, "model", job.path("model"));
        checkId(index, own.path("id"));
        checkParams(index, job.path("params"));
        checkSize(index, job);
        Optional<Duration> timeout = time(index, job, "timeout");
        Optional<Duration> queueWait = time(index, job, "max_queue_wait");
        Optional<Integer> duration = duration(index, job.path("duration"));
        List<InputRef> images = inputs.read(index, "image", job.path("image"));
        List<InputRef> last = inputs.read(index, "last_image", job.path("last_image"));
        if (broken.contains(index) || problems.size() > before) {
            return Optional.empty();
        }
        JobType kind = type.asText().equals("video") ? JobType.VIDEO : JobType.IMAGE;
        return Optional.of(new JobConfig(
                index,
                job.path("name").asText(),
                kind,
                job.path("model").asText(),
                job.path("prompt").asText(),
                whole(job.path("width")),
                whole(job.path("height")),
                duration,
                text(job.path("resolution")),
                text(job.path("id")),
                job.path("params") instanceof ObjectNode params ? params : JsonNodeFactory.instance.objectNode(),
                images,
                last.stream().findFirst(),
                whole(job.path("variations")),
                whole(job.path("retries")).orElse(DEFAULT_RETRIES),
                timeout.orElse(kind == JobType.IMAGE ? IMAGE_TIMEOUT : VIDEO_TIMEOUT),
                queueWait.orElse(DEFAULT_QUEUE_WAIT),
                lines(index, own, kind)));
    }

    private void require(int index, String field, JsonNode value) {
        if (value.isMissingNode()) {
            problem(index, field, "is missing");
        }
    }

    private void checkId(int index, JsonNode id) {
        if (!id.isTextual()) {
            return;
        }
        Integer first = ids.putIfAbsent(id.asText(), index);
        if (first != null) {
            String line = rowLine(first)
                    .or(() -> source.lines().of(source.root().path("jobs").path(first), "id"))
                    .map(number -> " (line " + number + ")")
                    .orElse("");
            problem(
                    index,
                    "id",
                    Quoting.quoted(id.asText(), 60) + " is taken by job #" + (first + 1) + line
                            + "; give each job its own id");
        }
    }

    private void checkParams(int index, JsonNode params) {
        for (String field : NOT_IN_PARAMS) {
            if (params.has(field)) {
                problem(index, "params." + field, "belongs on the job itself, not under params");
            }
        }
    }

    private void checkSize(int index, ObjectNode job) {
        if (characters(job) * MOST_BYTES_PER_CHARACTER > LARGEST_BYTES
                && job.toString().getBytes(StandardCharsets.UTF_8).length > LARGEST_BYTES) {
            problems.add(Places.problem(
                    source,
                    List.of("jobs", String.valueOf(index)),
                    "is larger than 300 KB; shorten its prompt or params"));
        }
    }

    private static long characters(JsonNode node) {
        if (node.isTextual()) {
            return node.textValue().length() + 4L;
        }
        long sum = 16;
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            sum += entry.getKey().length() + characters(entry.getValue()) + 4;
        }
        if (node.isArray()) {
            for (JsonNode item : node) {
                sum += characters(item);
            }
        }
        return sum;
    }

    private Optional<Duration> time(int index, ObjectNode job, String field) {
        JsonNode value = job.path(field);
        if (value.canConvertToInt()) {
            return Optional.of(Duration.ofSeconds(value.intValue()));
        }
        if (!value.isTextual()) {
            return Optional.empty();
        }
        Matcher parts = TIME.matcher(value.asText());
        if (!parts.matches()) {
            return Optional.empty();
        }
        Duration time = Duration.ofHours(figure(parts.group(1)))
                .plusMinutes(figure(parts.group(2)))
                .plusSeconds(figure(parts.group(3)));
        if (time.isZero() || time.compareTo(LONGEST_WAIT) > 0) {
            problem(index, field, "must be a time from 1s to 24h (is " + Quoting.quoted(value.asText(), 60) + ")");
        }
        return Optional.of(time);
    }

    private static long figure(@Nullable String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }

    private Optional<Integer> duration(int index, JsonNode value) {
        if (!value.isTextual()) {
            return whole(value);
        }
        if (!value.asText().matches("\\d{1,6}s?")) {
            return Optional.empty();
        }
        int seconds = Integer.parseInt(value.asText().replace("s", ""));
        if (seconds > LONGEST_VIDEO) {
            problem(index, "duration", "must be at most " + LONGEST_VIDEO + " seconds (is " + seconds + ")");
        }
        return Optional.of(seconds);
    }

    private static Optional<Integer> whole(JsonNode value) {
        return value.isNumber() && value.canConvertToInt() ? Optional.of(value.intValue()) : Optional.empty();
    }

    private static Optional<String> text(JsonNode value) {
        return Optional.ofNullable(value.textValue());
    }

    private FieldLines lines(int index, ObjectNode own, JobType kind) {
        List<String> fields = new ArrayList<>();
        List<Integer> numbers = new ArrayList<>();
        own.fieldNames().forEachRemaining(field -> {
            fields.add(field.intern());
            numbers.add(source.lines().of(own, fields.size() - 1).orElse(0));
        });
        defaults.lines(kind).forEach((field, line) -> {
            if (!own.has(field)) {
                fields.add(field);
                numbers.add(line);
            }
        });
        Optional<Integer> row = rowLine(index);
        return new FieldLines(
                row.or(() -> source.lines().of(source.root().path("jobs"), index))
                        .orElse(0),
                fields.toArray(String[]::new),
                numbers.stream().mapToInt(Integer::intValue).toArray(),
                row.flatMap(unused -> source.rows()).map(RowJobs::file));
    }

    private Optional<Integer> rowLine(int index) {
        return source.rows().flatMap(rows -> rows.line(index));
    }

    private void problem(int index, String field, String message) {
        List<String> path = new ArrayList<>(List.of("jobs", String.valueOf(index)));
        path.addAll(List.of(field.split("\\.")));
        problems.add(Places.problem(source, path, message));
    }
}
