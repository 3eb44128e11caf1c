package io.reelbatch.domain.plan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The jobs to run, grouped by child execution: a single job, or the remaining jobs of a chain, level by level. The
 * longest expected comes first, so that no long one starts last.
 */
public final class WorkList {
    private static final Comparator<Work> LONGEST_FIRST =
            Comparator.comparing(Work::expected).reversed().thenComparing(Work::first);

    private final List<Work> singles = new ArrayList<>();
    private final Map<Integer, TreeMap<Integer, Level>> chains = new HashMap<>();
    private int jobs;

    private static final class Level {
        private final List<Integer> jobs = new ArrayList<>(1);
        private Duration longest = Duration.ZERO;

        private void add(int job, Duration expected) {
            jobs.add(job);
            longest = longest.compareTo(expected) > 0 ? longest : expected;
        }
    }

    /**
     * What one child execution does.
     *
     * @param levels jobs that may run at once, level after level; one level with one job for a job by itself
     * @param expected the longest way through it: each level takes as long as its longest job
     */
    public record Work(List<List<Integer>> levels, Duration expected) {
        public Work {
            levels = List.copyOf(levels);
        }

        /** The job that is started first. */
        public int first() {
            return levels.get(0).get(0);
        }

        /** Whether there is only one job left to run. */
        public boolean isSingle() {
            return levels.size() == 1 && levels.get(0).size() == 1;
        }

        /** How many jobs may run at once. */
        public int width() {
            return levels.stream().mapToInt(List::size).max().orElse(0);
        }
    }

    /**
     * Adds a job that is to be run. Jobs come in the order of the config.
     *
     * @param expected how long its generation should take
     */
    public void add(PlannedJob job, Duration expected) {
        jobs++;
        if (job.chain().isEmpty()) {
            singles.add(new Work(List.of(List.of(job.index())), expected));
            return;
        }
        ChainPlace place = job.chain().get();
        chains.computeIfAbsent(place.chain(), unused -> new TreeMap<>())
                .computeIfAbsent(place.level(), unused -> new Level())
                .add(job.index(), expected);
    }

    /** How many jobs there are. */
    public int jobs() {
        return jobs;
    }

    /** The work, longest expected first; equal ones in the order of the config. */
    public List<Work> inOrder() {
        return Stream.concat(singles.stream(), chains.values().stream().map(WorkList::work))
                .sorted(LONGEST_FIRST)
                .toList();
    }

    private static Work work(SortedMap<Integer, Level> levels) {
        return new Work(
                levels.values().stream().map(level -> List.copyOf(level.jobs)).toList(),
                levels.values().stream().map(level -> level.longest).reduce(Duration.ZERO, Duration::plus));
    }
}
