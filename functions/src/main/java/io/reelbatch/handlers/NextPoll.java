package io.reelbatch.handlers;

import io.reelbatch.domain.job.Attempt;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.pace.Measured;
import io.reelbatch.domain.pace.PollSchedule;
import io.reelbatch.domain.pace.PollSchedule.Source;
import io.reelbatch.domain.provider.PollAnswer;
import io.reelbatch.handlers.JobStep.Next;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Decides when to poll a running generation next. */
final class NextPoll {
    /** A loss is noticed late, often when the generation has ended already: its callback gets these seconds all the same. */
    private static final int LEAST_AFTER_LOSS = 30;

    private final Clock clock;
    private final Latencies latencies;

    NextPoll(Parts parts) {
        this.clock = parts.clock();
        this.latencies = new Latencies(parts);
    }

    /** The wait for a callback, after which the job is polled: by then 95 of 100 generations have ended. */
    JobStep afterCallback(JobStep step, JobRecord job) {
        PollSchedule schedule = PollSchedule.of(latencies.profile(step.batchId(), job.plan()));
        return step.callbackWithin(within(job, schedule.late(elapsed(job))), schedule.source());
    }

    /**
     * When to send again although nobody called back: had it been accepted, it would most likely have ended, or, where too
     * little is known of the model, would not be waited for any longer.
     */
    JobStep afterLost(JobStep step, JobRecord job) {
        PollSchedule schedule = PollSchedule.of(latencies.profile(step.batchId(), job.plan()));
        Duration elapsed = since(job.lastAttempt().sentAt());
        long left = schedule.source() == Source.FIXED
                ? job.plan().timeout().minus(elapsed).plusMillis(999).toSeconds()
                : schedule.late(elapsed);
        return step.callbackWithin((int) Math.max(LEAST_AFTER_LOSS, left), schedule.source());
    }

    /**
     * By the schedule, but not past the moment at which waiting ends: the last look is due then. A job that waited to be
     * called back goes on so.
     */
    JobStep after(JobStep step, JobRecord job) {
        PollSchedule schedule = PollSchedule.of(latencies.profile(step.batchId(), job.plan()));
        int seconds = within(job, schedule.next(elapsed(job), step.waits()));
        return step.next().equals(Optional.of(Next.CALLBACK))
                ? step.callbackWithin(seconds, schedule.source())
                : step.pollAfter(seconds, schedule.source());
    }

    private int within(JobRecord job, int scheduled) {
        long left = job.waitUntil()
                .map(until ->
                        Duration.between(clock.instant(), until).plusMillis(999).toSeconds())
                .orElse((long) scheduled);
        return (int) Math.max(1, Math.min(scheduled, left));
    }

    /** Remembers how long a generation took that was found done just now. */
    void learn(JobStep step, JobRecord job, PollAnswer.Generated answer) {
        Measured.generation(answer.took(), elapsed(job), step.waits())
                .ifPresent(took -> latencies.remember(step.batchId(), job.plan(), took));
    }

    private Duration elapsed(JobRecord job) {
        return job.current().map(Attempt::sentAt).map(this::since).orElse(Duration.ZERO);
    }

    private Duration since(Instant moment) {
        return Duration.between(moment, clock.instant());
    }
}
