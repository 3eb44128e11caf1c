package io.reelbatch.domain.job;

import io.reelbatch.domain.pace.PollSchedule;
import io.reelbatch.domain.plan.PlannedJob;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A job's record while its next version is being made. */
final class JobDraft {
    private final String batchId;
    private final PlannedJob plan;
    final List<Attempt> attempts;
    JobState state = JobState.PLANNED;
    int countedFrom = 1;
    int throttled;
    Optional<Failure> failure = Optional.empty();
    List<String> outputUrls = List.of();
    List<StoredOutput> outputs = List.of();
    List<Integer> waits = List.of();
    Optional<PollSchedule.Source> schedule = Optional.empty();
    Optional<Instant> startedAt = Optional.empty();
    Optional<Instant> waitUntil = Optional.empty();
    Optional<Instant> generatedAt = Optional.empty();
    Optional<Instant> endedAt = Optional.empty();
    Optional<Reused> reused = Optional.empty();
    long version = 1;

    JobDraft(String batchId, PlannedJob plan) {
        this.batchId = batchId;
        this.plan = plan;
        this.attempts = new ArrayList<>();
    }

    JobDraft(JobRecord from) {
        batchId = from.batchId();
        plan = from.plan();
        attempts = new ArrayList<>(from.attempts());
        state = from.state();
        countedFrom = from.countedFrom();
        throttled = from.throttled();
        failure = from.failure();
        outputUrls = from.outputUrls();
        outputs = from.outputs();
        waits = from.waits();
        schedule = from.schedule();
        startedAt = from.startedAt();
        waitUntil = from.waitUntil();
        generatedAt = from.generatedAt();
        endedAt = from.endedAt();
        reused = from.reused();
        version = from.version();
    }

    void edit(int number, UnaryOperator<Attempt> change) {
        attempts.replaceAll(attempt -> attempt.number() == number ? change.apply(attempt) : attempt);
    }

    /** Whether an answer to that attempt moves the job: a late one must not if the job has gone on since. */
    boolean isOpen(int number) {
        boolean latest = !attempts.isEmpty()
                && number == attempts.get(attempts.size() - 1).number();
        return latest && (state == JobState.SUBMITTING || state == JobState.UNKNOWN);
    }

    /** Where a job stands of which nothing is awaited: by its last submit, those that the provider turned away aside. */
    JobState standing() {
        AttemptState last = attempts.stream()
                .filter(attempt -> attempt.number() >= countedFrom)
                .map(Attempt::state)
                .filter(one -> one != AttemptState.REFUSED)
                .reduce(AttemptState.REFUSED, (first, second) -> second);
        return switch (last) {
            case SENDING -> JobState.SUBMITTING;
            case UNKNOWN -> JobState.UNKNOWN;
            default -> JobState.PLANNED;
        };
    }

    JobRecord toRecord() {
        return new JobRecord(
                batchId,
                plan,
                state,
                attempts,
                countedFrom,
                throttled,
                failure,
                outputUrls,
                outputs,
                waits,
                schedule,
                startedAt,
                waitUntil,
                generatedAt,
                endedAt,
                reused,
                version);
    }
}
