package io.reelbatch.domain.planning;

import io.reelbatch.domain.job.BatchSettings;
import io.reelbatch.domain.plan.PlannedJob;
import java.util.List;

/**
 * A batch, fully decided before anything is paid.
 *
 * @param settings what the config says of the batch as a whole
 * @param jobs in the config's order; {@link PlannedJob#index} is the position in this list
 * @param startOrder positions in {@code jobs}, those of a chain together and level by level, the longest expected first
 * @param estimate what it should cost
 * @param warnings what was adapted or guessed, one sentence each, the same for many jobs only once
 */
public record Plan(
        BatchSettings settings,
        List<PlannedJob> jobs,
        List<Integer> startOrder,
        Estimate estimate,
        List<String> warnings) {
    public Plan {
        jobs = List.copyOf(jobs);
        startOrder = List.copyOf(startOrder);
        warnings = List.copyOf(warnings);
    }
}
