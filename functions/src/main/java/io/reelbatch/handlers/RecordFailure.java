package io.reelbatch.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.job.JobState;
import io.reelbatch.domain.job.Reason;
import io.reelbatch.domain.json.Json;
import io.reelbatch.domain.store.Jobs;
import io.reelbatch.handlers.JobStep.StateError;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fails a job whose step broke for good, with a reason that says what was paid. A job whose submit may still be on its
 * way is not failed yet: it goes back to SubmitJob, which waits until the lease has expired.
 */
public final class RecordFailure extends StepHandler<JobStep, JobStep> {
    private static final Logger LOG = LoggerFactory.getLogger(RecordFailure.class);

    private final Parts parts;
    private final Jobs jobs;

    /** For Lambda: by the environment variables, of which a missing one is an {@link IllegalStateException}. */
    public RecordFailure() {
        this(Deployment.here().parts());
        prepareSnapshot(Snapshot.records(parts));
    }

    public RecordFailure(Parts parts) {
        super(JobStep.class);
        this.parts = parts;
        this.jobs = parts.jobs();
    }

    @Override
    JobStep handle(JobStep step, Context context) {
        String what = step.error().map(RecordFailure::describe).orElse("no error was reported");
        Instant now = parts.clock().instant();
        JobRecord job = jobs.updateIf(
                        step.key(),
                        latest -> !latest.state().isEnd() && latest.state() != JobState.SUBMITTING,
                        latest -> latest.waited(step.waits(), step.schedule())
                                .failed(reason(latest), sentence(latest, what), now))
                .record();
        Steps.event(LOG, step, "step failed", job).addKeyValue("why", what).log();
        return job.state() == JobState.SUBMITTING ? step.submitAfter(0) : step.done();
    }

    private static Reason reason(JobRecord job) {
        return job.state() == JobState.GENERATED ? Reason.DOWNLOAD_FAILED : Reason.INTERNAL;
    }

    private static String sentence(JobRecord job, String what) {
        return switch (job.state()) {
            case GENERATED ->
                "Its output could not be fetched: " + what
                        + ". The generation is paid for; `retry` fetches it again without paying.";
            case SUBMITTED ->
                "A step failed while it was being generated: " + what
                        + ". It may be charged; `retry` asks for it again without paying.";
            case UNKNOWN ->
                "A step failed after the answer to its submit was lost: " + what
                        + ". It may be charged; `retry` sends it again.";
            default -> "A step failed before it was submitted: " + what + ". Nothing was charged; `retry` submits it.";
        };
    }

    /** A Lambda's cause is JSON with the exception's message in it; anything else is a sentence already. */
    private static String describe(StateError error) {
        String name = error.error().orElse("unknown error");
        String cause = error.cause().orElse("");
        try {
            JsonNode parsed = Json.mapper().readTree(cause);
            cause = parsed.path("errorMessage").asText(cause);
        } catch (JsonProcessingException notJson) {
            LOG.atDebug()
                    .setMessage("cause is not JSON")
                    .addKeyValue("cause", cause)
                    .log();
        }
        return Optional.of(cause)
                .filter(text -> !text.isBlank())
                .map(text -> text + " (" + name + ")")
                .orElse(name);
    }
}
