package io.reelbatch.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.cli.StackCommand.Known;
import io.reelbatch.cli.stack.BatchExecution;
import io.reelbatch.cli.stack.Stack;
import io.reelbatch.domain.job.Attempt;
import io.reelbatch.domain.job.JobState;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The progress of a deployed batch.
 *
 * @param states how many jobs are in each state
 * @param charged USD
 * @param atRisk USD that may have been charged: reserved, or the outcome is unknown
 */
record BatchStatus(Map<JobState, Integer> states, BigDecimal charged, BigDecimal atRisk) {

    /** Reads every record of the batch once. */
    static BatchStatus of(Stack stack, Known known) {
        Map<JobState, Integer> states = new EnumMap<>(JobState.class);
        BigDecimal[] money = {BigDecimal.ZERO, BigDecimal.ZERO};
        stack.jobs().forEachJob(known.batchId(), job -> {
            states.merge(job.state(), 1, Integer::sum);
            for (Attempt attempt : job.attempts()) {
                money[0] = money[0].add(attempt.charged());
                money[1] = money[1].add(attempt.atRisk()).add(attempt.reserved());
            }
        });
        return new BatchStatus(states, money[0], money[1]);
    }

    /** How many jobs were sent to the provider and have no output yet. */
    int underWay() {
        return states.getOrDefault(JobState.SUBMITTING, 0)
                + states.getOrDefault(JobState.SUBMITTED, 0)
                + states.getOrDefault(JobState.UNKNOWN, 0);
    }

    /** Such as {@code 10 stored, 3 submitted, 2 planned}. */
    String jobsInWords() {
        return states.isEmpty()
                ? "nothing is planned yet"
                : states.entrySet().stream()
                        .map(entry -> entry.getValue() + " " + word(entry.getKey()))
                        .collect(Collectors.joining(", "));
    }

    /** How an execution ended, and when. */
    static String ended(BatchExecution execution) {
        return statusWord(execution.status())
                + execution.stopped().map(when -> " at " + when).orElse("");
    }

    /** Step Functions' word, for people. */
    static String statusWord(String status) {
        return status.equals("ABORTED") ? "stopped" : word(status);
    }

    private static String word(Object constant) {
        return constant.toString().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    void addJobs(ObjectNode answer) {
        ObjectNode counts = answer.putObject("states");
        states.forEach((state, count) -> counts.put(state.toString().toLowerCase(Locale.ROOT), count));
        answer.put("charged", charged).put("at_risk", atRisk);
    }
}
