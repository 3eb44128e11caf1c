package io.reelbatch.domain.planning;

import io.reelbatch.domain.config.BatchConfig;
import io.reelbatch.domain.config.ConfigProblem;
import io.reelbatch.domain.config.InputRef;
import io.reelbatch.domain.config.InvalidConfigException;
import io.reelbatch.domain.config.JobConfig;
import io.reelbatch.domain.plan.JobType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Expands the jobs of a config: each variation becomes a job of its own. */
final class Takes {
    private static final int MOST_JOBS = 100_000;

    private final List<Take> all = new ArrayList<>();
    private final Map<Integer, Integer> firstByJob = new HashMap<>();

    /**
     * One job of the plan.
     *
     * @param variation from 1; empty for a job without variations
     */
    record Take(JobConfig job, Optional<Integer> variation) {}

    /** @throws InvalidConfigException if these are more than a batch may have */
    Takes(BatchConfig config) {
        int sum = config.jobs().stream()
                .mapToInt(job -> job.variations().orElse(1))
                .sum();
        if (sum > MOST_JOBS) {
            String message = "are " + sum + " with their variations, and a batch has at most 100,000; split the batch";
            throw new InvalidConfigException(
                    List.of(new ConfigProblem(
                            config.file(), Optional.empty(), Optional.empty(), Optional.of("jobs"), message)),
                    Optional.empty());
        }
        for (JobConfig job : config.jobs()) {
            firstByJob.put(job.index(), all.size());
            if (job.variations().isEmpty()) {
                all.add(new Take(job, Optional.empty()));
            }
            for (int take = 1; take <= job.variations().orElse(0); take++) {
                all.add(new Take(job, Optional.of(take)));
            }
        }
    }

    /** In the order of the config, the variations of a job one after the other. */
    List<Take> all() {
        return all;
    }

    /**
     * Which take another take's image comes from, or why there is none.
     *
     * @param index position of that take in {@link #all}; empty also, with no problem, for a job that could not be read
     */
    record Found(Optional<Integer> index, Optional<String> problem) {
        private static Found at(int index) {
            return new Found(Optional.of(index), Optional.empty());
        }

        private static Found not(String problem) {
            return new Found(Optional.empty(), Optional.of(problem));
        }
    }

    /** Finds the take that {@code asker} takes its image from. */
    Found source(Take asker, InputRef.Output output) {
        Integer first = firstByJob.get(output.job());
        if (first == null) {
            return new Found(Optional.empty(), Optional.empty());
        }
        JobConfig source = all.get(first).job();
        if (source.type() == JobType.VIDEO) {
            return Found.not("comes from \"" + source.name() + "\", which makes a video; it must be an image");
        }
        int takes = source.variations().orElse(1);
        if (output.take().isPresent()) {
            int take = output.take().get();
            return take <= takes ? Found.at(first + take - 1) : Found.not(few(source));
        }
        if (takes == 1) {
            return Found.at(first);
        }
        return asker.job().variations().equals(Optional.of(takes))
                ? Found.at(first + asker.variation().orElse(1) - 1)
                : Found.not("comes from \"" + source.name() + "\", of which there are " + takes
                        + " variations: name one, such as `from: \"" + source.name()
                        + "#1\"`, or give this job `variations: " + takes + "` for one of each");
    }

    private static String few(JobConfig source) {
        String has = source.variations()
                .map(takes -> "has only " + takes + (takes == 1 ? " variation" : " variations"))
                .orElse("has no variations");
        return "comes from a variation of \"" + source.name() + "\", which " + has;
    }
}
