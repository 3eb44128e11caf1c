package io.reelbatch.domain.config;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A config that cannot be run; nothing was paid for. The caller shows all problems and stops. */
public final class InvalidConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int MOST_SHOWN = 100;

    private final transient List<ConfigProblem> problems;
    private final transient Optional<BatchConfig> readable;

    /**
     * Everything that is wrong, at once.
     *
     * @param problems at least one, in any order
     * @param readable the part of the config that has none
     */
    public InvalidConfigException(List<ConfigProblem> problems, Optional<BatchConfig> readable) {
        this(readable, ordered(problems));
    }

    private InvalidConfigException(Optional<BatchConfig> readable, List<ConfigProblem> ordered) {
        super(text(ordered));
        this.problems = ordered;
        this.readable = readable;
    }

    /** File by file, each in its order. */
    public List<ConfigProblem> problems() {
        return problems;
    }

    /** The jobs that could be read, for checks that come later; not to be run. */
    public Optional<BatchConfig> readable() {
        return readable;
    }

    private static List<ConfigProblem> ordered(List<ConfigProblem> problems) {
        return problems.stream()
                .distinct()
                .sorted(Comparator.comparing(ConfigProblem::file)
                        .thenComparing(problem -> problem.line().orElse(0)))
                .toList();
    }

    private static String text(List<ConfigProblem> problems) {
        String shown =
                problems.stream().limit(MOST_SHOWN).map(ConfigProblem::toString).collect(Collectors.joining("\n"));
        int more = problems.size() - MOST_SHOWN;
        return more > 0 ? shown + "\n... and " + more + " more" : shown;
    }
}
