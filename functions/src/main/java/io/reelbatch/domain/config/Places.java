package io.reelbatch.domain.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/** Turns a path in a tree into words: which job, which field, which line. */
final class Places {
    private Places() {}

    /** A problem at a path such as {@code jobs, 3, duration}. */
    static ConfigProblem problem(Source source, List<String> path, String message) {
        return source.rows()
                .flatMap(rows -> rows.problem(source, path, message))
                .orElseGet(() -> problem(
                        source.file(), source.root(), path, source.lines().along(source.root(), path), message));
    }

    /** The same, where the line is known. */
    static ConfigProblem problem(
            String file, JsonNode root, List<String> path, Optional<Integer> line, String message) {
        boolean inJob = path.size() > 1 && path.get(0).equals("jobs");
        List<String> field = inJob ? path.subList(2, path.size()) : path;
        return new ConfigProblem(
                file,
                line,
                inJob ? Optional.of(jobLabel(root, Integer.parseInt(path.get(1)))) : Optional.empty(),
                field.isEmpty() ? Optional.empty() : Optional.of(String.join(".", field)),
                message);
    }

    /** A job's name, or its place in the list where it has none. */
    static String jobLabel(JsonNode root, int index) {
        String name = root.path("jobs").path(index).path("name").asText();
        return name.isBlank() ? "#" + (index + 1) : name;
    }
}
