package io.reelbatch.domain.config;

import java.util.Optional;

/**
 * One thing that is wrong with a file.
 *
 * @param file its name, as the user gave it
 * @param line where, from 1
 * @param job which job: its name, or its place in the list such as {@code #3} where it has none
 * @param field which field, such as {@code duration} or {@code prices.my/model.per_image}
 * @param message what is wrong with it, and what to do
 */
public record ConfigProblem(
        String file, Optional<Integer> line, Optional<String> job, Optional<String> field, String message) {
    private static final int LONGEST_NAME = 60;

    /** One line, such as {@code weekly.yaml:12: job "Hero Shot": duration: must be ...}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(file);
        line.ifPresent(number -> text.append(':').append(number));
        text.append(": ");
        job.ifPresent(name -> text.append("job ").append(label(name)).append(": "));
        field.ifPresent(name -> text.append(Quoting.plain(name, LONGEST_NAME)).append(": "));
        return text.append(message).toString();
    }

    private static String label(String job) {
        return job.startsWith("#") && job.chars().skip(1).allMatch(Character::isDigit)
                ? job
                : Quoting.quoted(job, LONGEST_NAME);
    }
}
