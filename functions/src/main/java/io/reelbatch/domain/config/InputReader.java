package io.reelbatch.domain.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads what stands under {@code image} and {@code last_image}. */
final class InputReader {
    private final Source source;
    private final List<ConfigProblem> problems;
    private Optional<JobNames> names = Optional.empty();

    /** @param problems where to add what is wrong */
    InputReader(Source source, List<ConfigProblem> problems) {
        this.source = source;
        this.problems = problems;
    }

    /** The images of a field; of what does not have its schema's shape, only what has. */
    List<InputRef> read(int job, String field, JsonNode value) {
        List<InputRef> found = new ArrayList<>(1);
        if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                one(job, List.of(field, String.valueOf(i)), value.get(i)).ifPresent(found::add);
            }
        } else {
            one(job, List.of(field), value).ifPresent(found::add);
        }
        return found;
    }

    private Optional<InputRef> one(int job, List<String> field, JsonNode value) {
        if (value.isTextual()) {
            return Optional.of(new InputRef.Given(value.textValue()));
        }
        JsonNode from = value.path("from");
        if (!from.isTextual() || from.textValue().isBlank()) {
            return Optional.empty();
        }
        JobNames.Found found = names().find(from.textValue());
        if (found.output().isEmpty()) {
            List<String> path = new ArrayList<>(List.of("jobs", String.valueOf(job)));
            path.addAll(field);
            path.add("from");
            problems.add(Places.problem(source, path, found.problem()));
        }
        return found.output().map(InputRef.class::cast);
    }

    private JobNames names() {
        JobNames known = names.orElseGet(() -> new JobNames(source.root().path("jobs")));
        names = Optional.of(known);
        return known;
    }
}
