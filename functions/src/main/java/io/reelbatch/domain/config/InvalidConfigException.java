package io.reelbatch.domain.config;

import java.util.List;
import java.util.stream.Collectors;

/** A config that cannot be run; nothing was paid for. The caller shows all problems and stops. */
public final class InvalidConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int MOST_SHOWN = 100;

    private final transient List<ConfigProblem> problems;

    /**
     * Everything that is wrong, at once.
     *
     * @param problems at least one
     */
    public InvalidConfigException(List<ConfigProblem> problems) {
        super(text(problems));
        this.problems = List.copyOf(problems);
    }

    /** In the order of the file. */
    public List<ConfigProblem> problems() {
        return problems;
    }

    private static String text(List<ConfigProblem> problems) {
        String shown =
                problems.stream().limit(MOST_SHOWN).map(ConfigProblem::toString).collect(Collectors.joining("\n"));
        int more = problems.size() - MOST_SHOWN;
        return more > 0 ? shown + "\n... and " + more + " more" : shown;
    }
}
