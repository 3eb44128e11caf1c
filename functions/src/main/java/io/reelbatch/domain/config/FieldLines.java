package io.reelbatch.domain.config;

import java.util.Optional;

/** Where a job and its fields stand in the file. Small: there is one for each of 100,000 jobs. */
public final class FieldLines {
    /** For jobs that do not come from a file. */
    public static final FieldLines NONE = new FieldLines(0, new String[0], new int[0]);

    private final int job;
    private final String[] fields;
    private final int[] lines;

    FieldLines(int job, String[] fields, int[] lines) {
        this.job = job;
        this.fields = fields;
        this.lines = lines;
    }

    /** Line of a field, or of the job where the field has none of its own; from 1. */
    public Optional<Integer> of(String field) {
        for (int i = 0; i < fields.length; i++) {
            if (fields[i].equals(field) && lines[i] > 0) {
                return Optional.of(lines[i]);
            }
        }
        return job > 0 ? Optional.of(job) : Optional.empty();
    }
}
