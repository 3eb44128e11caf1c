package io.reelbatch.handlers;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.reelbatch.domain.job.JobKey;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.pace.PollSchedule;
import io.reelbatch.domain.pace.Turn.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The state payload of one job: which job it is and what to do next. Everything else is in the job's record.
 *
 * @param job index of the job in the config, from 0
 * @param next what the definition does next
 * @param waitSeconds how long it waits before that
 * @param waits seconds waited before each poll so far
 * @param schedule what they were chosen by
 * @param slot the moment at which its submit may leave, once it is given one
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
        Optional<PollSchedule.Source> schedule,
        Optional<Slot> slot,
        int refreshes,
        Optional<StateError> error,
        List<Level> levels) {

    /** What the definition does next. The words are those of its Choice state. */
    public enum Next {
        @JsonProperty("submit")
        SUBMIT,
        @JsonProperty("wait")
        WAIT,
        @JsonProperty("callback")
        CALLBACK,
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

    /** A step of a job, not of a chain. */
    JobStep(
            String batchId,
            int job,
            Optional<Next> next,
            int waitSeconds,
            List<Integer> waits,
            Optional<PollSchedule.Source> schedule,
            Optional<Slot> slot,
            int refreshes,
            Optional<StateError> error) {
        this(batchId, job, next, waitSeconds, waits, schedule, slot, refreshes, error, List.of());
    }

    @JsonIgnore
    JobKey key() {
        return new JobKey(batchId, job);
    }

    /** A job where its record says it is. */
    static JobStep takenUp(JobRecord job) {
        JobKey key = job.key();
        return new JobStep(
                key.batchId(),
                key.index(),
                Optional.empty(),
                0,
                job.waits(),
                job.schedule(),
                Optional.empty(),
                0,
                Optional.empty());
    }

    /** To a poll for fresh output URLs. */
    JobStep refresh() {
        return go(Next.REFRESH, 0);
    }

    /** To the submit, where it queues anew. */
    JobStep submitAfter(int seconds) {
        return inSlot(Optional.empty()).submitIn(seconds);
    }

    /** To the submit, with the slot it has. */
    JobStep submitIn(int seconds) {
        return go(Next.SUBMIT, seconds);
    }

    JobStep inSlot(Optional<Slot> given) {
        return new JobStep(batchId, job, next, waitSeconds, waits, schedule, given, refreshes, error);
    }

    /** To the wait for a callback, which a poll follows if none comes. */
    JobStep callbackWithin(int seconds, PollSchedule.Source chosenBy) {
        return pollAfter(seconds, chosenBy).go(Next.CALLBACK, seconds);
    }

    /** The wait ended early: it is none that was chosen. */
    JobStep calledBack() {
        List<Integer> before = waits.isEmpty() ? waits : waits.subList(0, waits.size() - 1);
        Optional<PollSchedule.Source> chosenBy = before.isEmpty() ? Optional.empty() : schedule;
        return new JobStep(batchId, job, next, 0, before, chosenBy, slot, refreshes, Optional.empty());
    }

    JobStep pollAfter(int seconds, PollSchedule.Source chosenBy) {
        List<Integer> longer = new ArrayList<>(waits);
        longer.add(seconds);
        return new JobStep(
                batchId,
                job,
                Optional.of(Next.WAIT),
                seconds,
                longer,
                Optional.of(chosenBy),
                Optional.empty(),
                refreshes,
                Optional.empty());
    }

    JobStep download() {
        return go(Next.DOWNLOAD, 0);
    }

    JobStep chain() {
        return new JobStep(batchId, job, Optional.of(Next.CHAIN), 0, waits, schedule, slot, refreshes, error, levels);
    }

    JobStep done() {
        return go(Next.DONE, 0);
    }

    JobStep refreshed() {
        return new JobStep(batchId, job, next, waitSeconds, waits, schedule, slot, refreshes + 1, Optional.empty());
    }

    /** Reset as for a new job: for a new generation after a failed one. */
    JobStep anew() {
        return new JobStep(batchId, job, next, 0, List.of(), Optional.empty(), Optional.empty(), 0, Optional.empty());
    }

    private JobStep go(Next where, int seconds) {
        return new JobStep(
                batchId, job, Optional.of(where), seconds, waits, schedule, slot, refreshes, Optional.empty());
    }
}
