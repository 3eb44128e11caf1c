package io.reelbatch.handlers;

import io.reelbatch.domain.job.Attempt;
import io.reelbatch.domain.job.AttemptState;
import io.reelbatch.domain.job.JobKey;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.job.JobState;
import io.reelbatch.domain.job.Reason;
import io.reelbatch.domain.store.Jobs;
import io.reelbatch.domain.store.Jobs.Change;
import java.time.Instant;
import java.util.Optional;

/**
 * Decides what happens to a job whose generation failed for a reason that may be temporary: another attempt, or
 * failure.
 */
final class GenerationFailures {
    private GenerationFailures() {}

    /** It may be sent again, unless that was done often enough. */
    static JobRecord after(JobRecord job, int number, String message, Instant now) {
        JobRecord failed = job.generationFailed(number, message, now);
        boolean idle = failed.state() == JobState.PLANNED || failed.state() == JobState.UNKNOWN;
        boolean enough = failed.count(AttemptState.FAILED) > job.plan().retries();
        return idle && enough ? failed.failed(Reason.GENERATION_FAILED, sentence(message), now) : failed;
    }

    /**
     * Believes a callback about an attempt of which nobody else will tell, whatever the job's state is: its price is not at
     * risk any more. Any other attempt stays as it is.
     */
    static Change settle(Jobs jobs, JobKey key, int number, String message, Instant now) {
        return jobs.updateIf(
                key,
                latest -> latest.attempt(number)
                        .filter(attempt -> isUnpolled(latest, attempt))
                        .isPresent(),
                latest -> after(latest, number, message, now));
    }

    private static boolean isUnpolled(JobRecord job, Attempt attempt) {
        return switch (attempt.state()) {
            case UNKNOWN, EXPIRED -> true;
            case ACCEPTED ->
                job.state() == JobState.GENERATED
                        || job.state().isEnd()
                        || (job.state() == JobState.SUBMITTED && !job.current().equals(Optional.of(attempt)));
            case SENDING, REFUSED, SUCCEEDED, FAILED -> false;
        };
    }

    static String sentence(String message) {
        return "The provider could not generate it, not charged: " + message;
    }
}
