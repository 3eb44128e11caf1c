package io.reelbatch.handlers;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.reelbatch.domain.job.JobKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What travels from state to state of one job: its name, and what comes next. Everything else is in its record.
 *
 * @param job index of the job in the config, from 0
 * @param next what the definition does next
 * @param waitSeconds how long it waits before that
 * @param waits seconds waited before each poll so far
 * @param refreshes how often an expired output URL was asked for anew
 * @param error what broke in the state before, as Step Functions reports it; only where a failure is to be recorded
 * @param levels the jobs of a chain, level after level; only in the line of a chain, until its own states take over
 */
public record JobStep(
        String batchId,
        int job,
        Optional<Next> next,
        int waitSeconds,
        List<Integer> waits,
        int refreshes,
        Optional<StateError> error,
        List<Level> levels) {

    /** Where the definition goes. The words are those of its Choice. */
    public enum Next {
        @JsonProperty("submit")
        SUBMIT,
        @JsonProperty("wait")
        WAIT,
        @JsonProperty("refresh")
        REFRESH,
        @JsonProperty("download")
        DOWNLOAD,
        @JsonProperty("chain")
        CHAIN,
        @JsonProperty("done")
        DONE
    }

    /**
     * Jobs of a chain that do not need each other.
     *
     * @param jobs their indexes
     * @param atOnce how many of them the definition takes up at once
     */
    public record Level(List<Integer> jobs, int atOnce) {
        public Level {
            jobs = List.copyOf(jobs);
        }
    }

    /** An error output of Step Functions. */
    public record StateError(
            @JsonProperty("Error") Optional<String> error,
            @JsonProperty("Cause") Optional<String> cause) {}

    public JobStep {
        waits = waits == null ? List.of() : List.copyOf(waits);
        levels = levels == null ? List.of() : List.copyOf(levels);
    }

    @JsonIgnore
    JobKey key() {
        return new JobKey(batchId, job);
    }

    JobStep submitAfter(int seconds) {
        return go(Next.SUBMIT, seconds, waits);
    }

    JobStep pollAfter(int seconds) {
        List<Integer> longer = new ArrayList<>(waits);
        longer.add(seconds);
        return go(Next.WAIT, seconds, longer);
    }

    JobStep download() {
        return go(Next.DOWNLOAD, 0, waits);
    }

    JobStep chain() {
        return go(Next.CHAIN, 0, waits);
    }

    JobStep done() {
        return go(Next.DONE, 0, waits);
    }

    JobStep refreshed() {
        return new JobStep(batchId, job, next, waitSeconds, waits, refreshes + 1, Optional.empty(), levels);
    }

    private JobStep go(Next where, int seconds, List<Integer> waited) {
        return new JobStep(batchId, job, Optional.of(where), seconds, waited, refreshes, Optional.empty(), levels);
    }
}
