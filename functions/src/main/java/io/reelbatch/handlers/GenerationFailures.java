package io.reelbatch.handlers;

import io.reelbatch.domain.job.AttemptState;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.job.JobState;
import io.reelbatch.domain.job.Reason;
import java.time.Instant;

/** What becomes of a job of which the provider says that a generation failed, for a reason that may pass. */
final class GenerationFailures {
    private GenerationFailures() {}

    /** It may be sent again, unless that was done often enough. */
    static JobRecord after(JobRecord job, int number, String message, Instant now) {
        JobRecord failed = job.generationFailed(number, message, now);
        boolean again = failed.state() == JobState.SUBMITTED
                || failed.state() == JobState.SUBMITTING
                || failed.count(AttemptState.FAILED) <= job.plan().retries();
        return again ? failed : failed.failed(Reason.GENERATION_FAILED, sentence(message), now);
    }

    static String sentence(String message) {
        return "The provider could not generate it, not charged: " + message;
    }
}
