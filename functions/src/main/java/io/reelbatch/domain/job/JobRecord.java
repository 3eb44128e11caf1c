package io.reelbatch.domain.job;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.reelbatch.domain.pace.PollSchedule;
import io.reelbatch.domain.plan.PlannedJob;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Everything that is known of one job. Immutable: a step makes the next version, and the store accepts it only if nobody
 * was faster.
 *
 * @param attempts the ledger, in the order sent
 * @param countedFrom attempts with this number or a later one count against the job's limits; a retry moves it on
 * @param throttled how often a submit was put off by the provider's rate limit or an unreachable network
 * @param failure present exactly when {@code state} is {@link JobState#FAILED}
 * @param outputUrls where the provider keeps the outputs, once generated; they expire
 * @param outputs the verified files; present exactly when {@code state} is {@link JobState#STORED}
 * @param waits seconds waited between polls, in order
 * @param schedule what those waits were chosen by, the last one of them; empty before the first and in older records
 * @param startedAt when the job was first taken up, throttling included
 * @param waitUntil when to give up waiting for the generation; set when it is accepted
 * @param generatedAt when the provider was first seen to be done
 * @param endedAt when it was stored or failed
 * @param reused present when the outputs were copied from an earlier batch
 * @param version 1 for a new record, then one more with each write
 */
public record JobRecord(
        String batchId,
        PlannedJob plan,
        JobState state,
        List<Attempt> attempts,
        int countedFrom,
        int throttled,
        Optional<Failure> failure,
        List<String> outputUrls,
        List<StoredOutput> outputs,
        List<Integer> waits,
        Optional<PollSchedule.Source> schedule,
        Optional<Instant> startedAt,
        Optional<Instant> waitUntil,
        Optional<Instant> generatedAt,
        Optional<Instant> endedAt,
        Optional<Reused> reused,
        long version) {
    public JobRecord {
        attempts = List.copyOf(attempts);
        outputUrls = List.copyOf(outputUrls);
        outputs = List.copyOf(outputs);
        waits = List.copyOf(waits);
    }

    /** A job nothing has happened to yet, as version 1. */
    public static JobRecord planned(String batchId, PlannedJob plan) {
        return new JobDraft(batchId, plan).toRecord();
    }

    /** The record's name in the store. */
    @JsonIgnore
    public JobKey key() {
        return new JobKey(batchId, plan.index());
    }

    /** The attempt whose generation is awaited or was generated; empty before one was accepted. */
    @JsonIgnore
    public Optional<Attempt> current() {
        return attempts.stream().filter(Attempt::wasAccepted).reduce((first, second) -> second);
    }

    /** The attempt sent last. There must be one. */
    @JsonIgnore
    public Attempt lastAttempt() {
        return attempts.get(attempts.size() - 1);
    }

    /** The attempt with that number. */
    public Optional<Attempt> attempt(int number) {
        return attempts.stream().filter(attempt -> attempt.number() == number).findFirst();
    }

    /** How many attempts of this execution are in {@code wanted}. */
    public int count(AttemptState wanted) {
        return (int) attempts.stream()
                .filter(attempt -> attempt.number() >= countedFrom && attempt.state() == wanted)
                .count();
    }

    /** USD that count against the budget: charged, at risk and reserved together. */
    @JsonIgnore
    public BigDecimal committed() {
        return attempts.stream().map(Attempt::committed).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    /** What the provider last said it would charge, USD, if it ever did. */
    @JsonIgnore
    public Optional<BigDecimal> quote() {
        return attempts.stream().flatMap(attempt -> attempt.quote().stream()).reduce((first, second) -> second);
    }

    /** The latest moment at which something happened to the job. */
    @JsonIgnore
    public Optional<Instant> latestMoment() {
        Stream<Instant> sent = attempts.stream().map(Attempt::sentAt);
        Stream<Instant> ended = attempts.stream().flatMap(attempt -> attempt.endedAt().stream());
        Stream<Instant> own = Stream.of(startedAt, generatedAt, endedAt).flatMap(Optional::stream);
        return Stream.of(sent, ended, own).flatMap(moments -> moments).max(Instant::compareTo);
    }

    /** Since when the job has been waiting to be accepted; empty before it was taken up. */
    @JsonIgnore
    public Optional<Instant> queuedSince() {
        boolean tried = lastNumber() >= countedFrom;
        Optional<Instant> answered = tried ? lastAttempt().endedAt() : Optional.empty();
        return Stream.of(startedAt, answered).flatMap(Optional::stream).max(Instant::compareTo);
    }

    /** Its queue time starts anew, if it has begun: nobody was there to send it. */
    public JobRecord requeued(Instant now) {
        return startedAt.isPresent() ? change(draft -> draft.startedAt = Optional.of(now)) : this;
    }

    /** The job is taken up: from here its queue time counts. */
    public JobRecord started(Instant now) {
        return startedAt.isPresent() ? this : change(draft -> draft.startedAt = Optional.of(now));
    }

    /** Reserves {@code price} for a submit that is about to leave and for which nobody was asked for a quote. */
    public JobRecord sending(BigDecimal price, Instant now, Instant leaseUntil) {
        return sending(price, Optional.empty(), now, leaseUntil);
    }

    /**
     * Reserves {@code price} for a submit that is about to leave.
     *
     * @param quote what the provider said it would charge, USD, if it did
     */
    public JobRecord sending(BigDecimal price, Optional<BigDecimal> quote, Instant now, Instant leaseUntil) {
        return change(draft -> {
            draft.startedAt = Optional.of(startedAt.orElse(now));
            draft.state = JobState.SUBMITTING;
            draft.attempts.add(Attempt.sending(lastNumber() + 1, price, quote, now, leaseUntil));
        });
    }

    /**
     * The submit of attempt {@code number} was accepted, however late the answer comes. One that has ended meanwhile keeps its
     * outcome, and is not awaited.
     */
    public JobRecord accepted(int number, Optional<String> predictionId, Optional<URI> pollUrl, Instant now) {
        boolean open = attempt(number).filter(Attempt::isOpen).isPresent();
        return change(draft -> {
            draft.edit(number, attempt -> attempt.accepted(predictionId, pollUrl));
            if (!open) {
                return;
            }
            if (state == JobState.SUBMITTING || state == JobState.UNKNOWN || state == JobState.PLANNED) {
                draft.state = JobState.SUBMITTED;
                draft.waitUntil = Optional.of(now.plus(plan.timeout()));
            }
        });
    }

    /** Whether a callback told of the end of that attempt, which is later news than any answer to its submit. */
    private boolean isSettled(int number) {
        return attempt(number).filter(attempt -> attempt.state().isSettled()).isPresent();
    }

    /** The submit of attempt {@code number} certainly had no effect: as if it had not been tried. */
    public JobRecord putOff(int number) {
        if (isSettled(number)) {
            return this;
        }
        return change(draft -> {
            boolean open = draft.isOpen(number);
            draft.attempts.removeIf(attempt -> attempt.number() == number);
            draft.throttled++;
            if (open) {
                draft.state = draft.standing();
            }
        });
    }

    /** What the submit needs cannot be had yet: put off before it was sent. */
    public JobRecord waitingForInput(Instant now) {
        return change(draft -> {
            draft.startedAt = Optional.of(startedAt.orElse(now));
            draft.throttled++;
        });
    }

    /** The provider answered attempt {@code number} and did not accept it; the job may be sent again. */
    public JobRecord refused(int number, String message, Instant now) {
        if (isSettled(number)) {
            return this;
        }
        return change(draft -> {
            draft.edit(number, attempt -> attempt.ended(AttemptState.REFUSED, now, message));
            if (draft.isOpen(number)) {
                draft.state = draft.standing();
            }
        });
    }

    /** The answer to attempt {@code number} was lost: its price is at risk, unless a callback told of its end before. */
    public JobRecord lost(int number, String message, Instant now) {
        if (isSettled(number)) {
            return this;
        }
        return change(draft -> {
            draft.edit(number, attempt -> attempt.ended(AttemptState.UNKNOWN, now, message));
            if (draft.isOpen(number)) {
                draft.state = JobState.UNKNOWN;
            }
        });
    }

    /**
     * The provider is done with attempt {@code number}. A job that has its output already keeps it; one that has failed
     * keeps the URLs for its retry.
     *
     * @param settled what it says it charged, where it says so
     */
    public JobRecord generated(int number, List<String> urls, Optional<BigDecimal> settled, Instant now) {
        return change(draft -> {
            draft.edit(number, attempt -> attempt.succeeded(settled, now));
            if (state != JobState.STORED) {
                draft.state = state == JobState.FAILED ? state : JobState.GENERATED;
                draft.outputUrls = urls;
                draft.generatedAt = Optional.of(generatedAt.orElse(now));
            }
        });
    }

    /**
     * The provider reports attempt {@code number} as failed and charges nothing. If another attempt was accepted too, it is
     * awaited; otherwise the job may be sent again, unless it is just being sent. A job that has ended or has its output keeps
     * its state.
     */
    public JobRecord generationFailed(int number, String message, Instant now) {
        return change(draft -> {
            draft.edit(number, attempt -> attempt.ended(AttemptState.FAILED, now, message));
            if (!state.isEnd() && state != JobState.GENERATED) {
                boolean another = draft.attempts.stream().anyMatch(Attempt::wasAccepted);
                draft.state = another ? JobState.SUBMITTED : draft.standing();
            }
        });
    }

    /** The outputs are verified and in the object store. */
    public JobRecord stored(List<StoredOutput> files, Instant now) {
        return change(draft -> {
            draft.state = JobState.STORED;
            draft.outputs = files;
            draft.endedAt = Optional.of(now);
        });
    }

    /** The outputs of an identical earlier request are copied and verified: nothing is sent. */
    public JobRecord reusing(List<StoredOutput> files, Reused from, Instant now) {
        return change(draft -> {
            draft.startedAt = Optional.of(startedAt.orElse(now));
            draft.state = JobState.STORED;
            draft.outputs = files;
            draft.reused = Optional.of(from);
            draft.endedAt = Optional.of(now);
        });
    }

    /** The job ends without an output. A generation that was still awaited leaves its price at risk. */
    public JobRecord failed(Reason reason, String message, Instant now) {
        return change(draft -> {
            draft.state = JobState.FAILED;
            draft.failure = Optional.of(new Failure(reason, message, state));
            draft.endedAt = Optional.of(now);
            draft.attempts.replaceAll(attempt -> attempt.state() == AttemptState.ACCEPTED
                    ? attempt.ended(AttemptState.EXPIRED, now, message)
                    : attempt);
        });
    }

    /**
     * A failed job is taken up again where it got: a known generation is awaited again, a generated one is downloaded, and
     * only what is not known to be accepted is submitted. Any other record stays as it is.
     */
    public JobRecord reopened(Instant now) {
        if (state != JobState.FAILED) {
            return this;
        }
        return change(draft -> {
            draft.attempts.replaceAll(
                    attempt -> attempt.state() == AttemptState.EXPIRED ? attempt.awaitedAgain() : attempt);
            draft.state = whereItGot();
            draft.countedFrom = lastNumber() + 1;
            draft.failure = Optional.empty();
            draft.endedAt = Optional.empty();
            draft.startedAt = Optional.empty();
            draft.waitUntil =
                    draft.state == JobState.SUBMITTED ? Optional.of(now.plus(plan.timeout())) : Optional.empty();
        });
    }

    private JobState whereItGot() {
        if (!outputUrls.isEmpty()) {
            return JobState.GENERATED;
        }
        return current().isPresent() ? JobState.SUBMITTED : JobState.PLANNED;
    }

    private int lastNumber() {
        return attempts.isEmpty() ? 0 : lastAttempt().number();
    }

    /** Keeps how long was waited before each poll, and what the waits were chosen by. */
    public JobRecord waited(List<Integer> seconds, Optional<PollSchedule.Source> chosenBy) {
        return change(draft -> {
            draft.waits = seconds;
            draft.schedule = chosenBy;
        });
    }

    /** The same content under the version that a write gives it. */
    public JobRecord numbered(long newVersion) {
        return change(draft -> draft.version = newVersion);
    }

    private JobRecord change(Consumer<JobDraft> edit) {
        JobDraft draft = new JobDraft(this);
        edit.accept(draft);
        return draft.toRecord();
    }
}
