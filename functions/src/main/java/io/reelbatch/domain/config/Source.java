package io.reelbatch.domain.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A file as a tree, before anything is checked against a schema.
 *
 * @param file its name
 * @param root its content
 * @param lines where everything stands
 * @param problems what is wrong with the notation itself, such as a key given twice
 * @param rows which of its jobs come from the rows of a table
 */
record Source(String file, JsonNode root, Lines lines, List<ConfigProblem> problems, Optional<RowJobs> rows) {
    /** The same with more that is wrong. */
    Source with(List<ConfigProblem> more) {
        List<ConfigProblem> all = new ArrayList<>(problems);
        all.addAll(more);
        return new Source(file, root, lines, all, rows);
    }

    /** The same with jobs that come from the rows of a table. */
    Source with(RowJobs added) {
        return new Source(file, root, lines, problems, Optional.of(added));
    }
}
