package io.reelbatch.handlers;

import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.pace.PollSchedule;
import java.time.Clock;
import java.time.Duration;

/** When a job that is being generated is looked at next. */
final class NextPoll {
    private final Clock clock;

    NextPoll(Clock clock) {
        this.clock = clock;
    }

    /** By the schedule, but not past the moment at which waiting ends: the last look is due then. */
    JobStep after(JobStep step, JobRecord job) {
        int scheduled = PollSchedule.secondsBefore(step.waits().size());
        long left = job.waitUntil()
                .map(until ->
                        Duration.between(clock.instant(), until).plusMillis(999).toSeconds())
                .orElse((long) scheduled);
        return step.pollAfter((int) Math.max(1, Math.min(scheduled, left)));
    }
}
