package io.reelbatch.domain.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The jobs that a config makes of the rows of a table: they follow those under {@code jobs}, and are jobs like them. */
final class RowJobs {
    /** The field with the table's name. */
    static final String TABLE = "jobs_from";

    /** The field with the job to make of each row. */
    static final String TEMPLATE = "template";

    /** Characters; a config of the greatest size has fewer. */
    private static final long MOST_TEXT = 160L * 1024 * 1024;

    private final CsvTable table;
    private final ObjectNode template;
    private final boolean ownTemplate;
    private final int first;

    private RowJobs(CsvTable table, Optional<ObjectNode> template, int first) {
        this.table = table;
        this.template = template.orElseGet(() -> ofColumns(table.columns()));
        this.ownTemplate = template.isPresent();
        this.first = first;
    }

    private static ObjectNode ofColumns(List<String> columns) {
        ObjectNode template = JsonNodeFactory.instance.objectNode();
        columns.forEach(column -> template.put(column, "{{" + column + "}}"));
        return template;
    }

    /**
     * Adds the jobs to the tree, or what is wrong with the table to its problems.
     *
     * @param source names a table, and has a list of jobs or none
     * @param job what the schema says of a job
     */
    static Source addTo(Source source, Tables tables, Shape job) {
        ObjectNode root = (ObjectNode) source.root();
        Tables.Found found = tables.table(root.path(TABLE).asText());
        if (found instanceof Tables.Found.Unusable unusable) {
            return source.with(List.of(Places.problem(source, List.of(TABLE), unusable.why())));
        }
        Tables.Found.Table file = (Tables.Found.Table) found;
        CsvTable table;
        try {
            table = CsvTable.read(file.name(), file.content());
        } catch (InvalidConfigException e) {
            return source.with(e.problems());
        }
        Optional<ObjectNode> template =
                root.path(TEMPLATE) instanceof ObjectNode given ? Optional.of(given) : Optional.empty();
        RowJobs rows = new RowJobs(table, template, root.path("jobs").size());
        List<ConfigProblem> problems = new ArrayList<>(table.problems());
        problems.addAll(rows.misfits(source, job));
        if (problems.isEmpty()) {
            rows.fill(root.withArrayProperty("jobs"), job);
        }
        return source.with(problems).with(rows);
    }

    /** Columns that the template names and the table lacks or, without a template, those that are no fields. */
    private List<ConfigProblem> misfits(Source source, Shape job) {
        List<ConfigProblem> problems = new ArrayList<>();
        if (ownTemplate) {
            for (Map.Entry<String, JsonNode> field : template.properties()) {
                for (String name : Placeholders.names(field.getValue())) {
                    if (!table.columns().contains(name)) {
                        List<String> path = List.of(TEMPLATE, field.getKey());
                        problems.add(Places.problem(source, path, unknown(name)));
                    }
                }
            }
            return problems;
        }
        for (String column : table.columns()) {
            if (!job.child(column).isText() && !job.child(column).takesText()) {
                problems.add(new ConfigProblem(
                        table.file(),
                        Optional.of(table.header()),
                        Optional.empty(),
                        Optional.of(column),
                        "is not a column that makes a job by itself; remove it, or add a `template` to the config"
                                + " that says where it goes"));
            }
        }
        return problems;
    }

    private String unknown(String name) {
        String near = Suggestion.nearest(name, table.columns())
                .map(column -> "; did you mean `" + column + "`?")
                .orElse("");
        return "names no column of " + table.file() + ": there is no " + Quoting.quoted(name, 60) + ", there are "
                + Quoting.plain(String.join(", ", table.columns()), 200) + near;
    }

    private void fill(ArrayNode jobs, Shape job) {
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < table.columns().size(); i++) {
            places.put(table.columns().get(i), i);
        }
        long text = 0;
        for (CsvTable.Row row : table.rows()) {
            ObjectNode made = JsonNodeFactory.instance.objectNode();
            for (Map.Entry<String, JsonNode> field : template.properties()) {
                JsonNode value =
                        Placeholders.fill(field.getValue(), name -> row.cells().get(places.getOrDefault(name, 0)));
                text += value.asText().length();
                if (ownTemplate || !value.asText().isBlank()) {
                    made.set(field.getKey(), typed(value, field.getValue(), job.child(field.getKey())));
                }
            }
            jobs.add(made);
            if (text > MOST_TEXT) {
                String message = "and its template make more than 160 MB of text; split the batch";
                ConfigProblem problem =
                        new ConfigProblem(table.file(), Optional.empty(), Optional.empty(), Optional.empty(), message);
                throw new InvalidConfigException(List.of(problem), Optional.empty());
            }
        }
    }

    /** A cell that stands alone where a number must be is one if it has digits only. */
    private static JsonNode typed(JsonNode value, JsonNode template, Shape shape) {
        boolean alone = template.isTextual() && Placeholders.isAll(template.textValue());
        String word = value.asText().strip();
        return alone && shape.isWhole() && word.matches("[0-9]{1,9}")
                ? JsonNodeFactory.instance.numberNode(Integer.parseInt(word))
                : value;
    }

    /** The table's name. */
    String file() {
        return table.file();
    }

    /** Line of a job's row; empty for a job that stands in the config itself. */
    Optional<Integer> line(int job) {
        return job < first
                ? Optional.empty()
                : Optional.of(table.rows().get(job - first).line());
    }

    /** Names the row of what is wrong with one, and the template where it is the same in all of them. */
    Optional<ConfigProblem> problem(Source source, List<String> path, String message) {
        if (path.size() < 2
                || !path.get(0).equals("jobs")
                || line(Integer.parseInt(path.get(1))).isEmpty()) {
            return Optional.empty();
        }
        List<String> field = path.subList(2, path.size());
        if (field.isEmpty() || Placeholders.isIn(inTemplate(field))) {
            int job = Integer.parseInt(path.get(1));
            return Optional.of(new ConfigProblem(
                    table.file(),
                    line(job),
                    Optional.of(Places.jobLabel(source.root(), job)),
                    Optional.of(String.join(".", field)).filter(name -> !name.isEmpty()),
                    message));
        }
        if (!ownTemplate) {
            return Optional.of(new ConfigProblem(
                    table.file(),
                    Optional.of(table.header()),
                    Optional.empty(),
                    Optional.of(String.join(".", field)),
                    message));
        }
        List<String> place = new ArrayList<>(List.of(TEMPLATE));
        place.addAll(field);
        return Optional.of(Places.problem(source, place, message));
    }

    private JsonNode inTemplate(List<String> field) {
        JsonNode node = template;
        for (String step : field) {
            node = node.isArray() ? node.path(Integer.parseInt(step)) : node.path(step);
        }
        return node;
    }
}
