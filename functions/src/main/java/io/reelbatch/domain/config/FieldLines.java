package io.reelbatch.domain.config;

import java.util.Optional;

/** Where a job and its fields stand in the file. Small: there is one for each of 100,000 jobs. */
public final class FieldLines {
    /** For jobs that do not come from a file. */
    public static final FieldLines NONE = new FieldLines(0, new String[0], new int[0], Optional.empty());

    private final int job;
    private final String[] fields;
    private final int[] lines;
    private final Optional<String> table;

    /** @param table the file that the job's own line is of, if that is not the config */
    FieldLines(int job, String[] fields, int[] lines, Optional<String> table) {
        this.job = job;
        this.fields = fields;
        this.lines = lines;
        this.table = table;
    }

    /** Line of a field, or of the job where the field has none of its own; from 1. */
    public Optional<Integer> of(String field) {
        Optional<Integer> own = own(field);
        return own.isEmpty() && job > 0 ? Optional.of(job) : own;
    }

    /** The file that the line is of, if that is not the config. */
    Optional<String> table(String field) {
        return own(field).isPresent() ? Optional.empty() : table;
    }

    private Optional<Integer> own(String field) {
        for (int i = 0; i < fields.length; i++) {
            if (fields[i].equals(field) && lines[i] > 0) {
                return Optional.of(lines[i]);
            }
        }
        return Optional.empty();
    }
}
