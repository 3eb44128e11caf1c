package io.reelbatch.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import io.reelbatch.domain.job.AttemptState;
import io.reelbatch.domain.job.JobKey;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.job.JobState;
import io.reelbatch.domain.job.Reason;
import io.reelbatch.domain.store.Jobs;
import io.reelbatch.errors.DownloadInterrupted;
import io.reelbatch.errors.OutputExpired;
import io.reelbatch.handlers.JobStep.Next;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a job that no execution works on any more. It polls once for a running generation, fetches a finished one, and
 * otherwise records how far the job got, so that a retry continues from there.
 */
final class Leftovers {
    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

    private final Parts parts;
    private final Jobs jobs;
    private final CheckJob check;
    private final DownloadOutput download;
    private final AwaitedJobs awaited;

    Leftovers(Parts parts) {
        this.parts = parts;
        this.jobs = parts.jobs();
        this.check = new CheckJob(parts);
        this.download = new DownloadOutput(parts);
        this.awaited = new AwaitedJobs(parts);
    }

    /**
     * Ends one job; false if somebody may still be sending it, which time will tell, or works on it again.
     *
     * @param isTakenUp whether a retry has begun meanwhile: the provider may take its time to answer
     */
    boolean end(JobKey key, BooleanSupplier isTakenUp, Context context) throws IOException {
        JobRecord job = jobs.read(key);
        JobStep step = JobStep.takenUp(job);
        if (job.state() == JobState.SUBMITTED) {
            check.handle(step, context);
            job = jobs.read(key);
        }
        if (job.state() == JobState.GENERATED) {
            fetch(step, context);
        }
        if (isTakenUp.getAsBoolean()) {
            return false;
        }
        Instant now = parts.clock().instant();
        JobRecord lost = jobs.updateIf(key, latest -> leaseIsOver(latest, now), latest -> lost(latest, now))
                .record();
        if (lost.state() == JobState.UNKNOWN) {
            awaited.settleFailure(jobs, key, lost.lastAttempt().number());
        }
        JobRecord ended = jobs.updateIf(
                        key,
                        latest -> !latest.state().isEnd() && latest.state() != JobState.SUBMITTING,
                        latest -> latest.failed(reason(latest), sentence(latest), now))
                .record();
        Steps.event(LOG, step, "left over", ended).log();
        return ended.state().isEnd();
    }

    private static boolean leaseIsOver(JobRecord job, Instant now) {
        return job.state() == JobState.SUBMITTING
                && job.lastAttempt().state() == AttemptState.SENDING
                && !now.isBefore(job.lastAttempt().leaseUntil());
    }

    private static JobRecord lost(JobRecord job, Instant now) {
        return job.lost(job.lastAttempt().number(), "The sender stopped before it wrote the answer down.", now);
    }

    /** Whatever stands in the way of a transfer: the job ends, its generation stays known, a retry fetches it. */
    private void fetch(JobStep step, Context context) throws IOException {
        try {
            download.handle(step, context);
        } catch (OutputExpired e) {
            refresh(step, context);
        } catch (DownloadInterrupted e) {
            failed(step, e);
        }
    }

    private void refresh(JobStep step, Context context) throws IOException {
        JobStep refreshing = step.refresh();
        try {
            if (check.handle(refreshing, context).next().equals(Optional.of(Next.DOWNLOAD))) {
                download.handle(step, context);
            }
        } catch (OutputExpired | DownloadInterrupted e) {
            failed(step, e);
        }
    }

    private static void failed(JobStep step, RuntimeException why) {
        LOG.atWarn()
                .setMessage("an output could not be fetched")
                .addKeyValue("batch", step.batchId())
                .addKeyValue("job", step.job())
                .addKeyValue("why", why.getMessage())
                .log();
    }

    private static Reason reason(JobRecord job) {
        return switch (job.state()) {
            case GENERATED -> Reason.DOWNLOAD_FAILED;
            case UNKNOWN -> Reason.UNKNOWN_SUBMIT;
            default -> Reason.INTERRUPTED;
        };
    }

    private static String sentence(JobRecord job) {
        return switch (job.state()) {
            case GENERATED ->
                "The execution ended before its output was fetched. The generation is paid for; `retry` fetches it without paying"
                        + " again.";
            case SUBMITTED ->
                "The execution ended while it was being generated. It may be charged; `retry` asks for it again without paying.";
            case UNKNOWN ->
                "The execution ended after the answer to its submit was lost. It may be charged; `retry` sends it again.";
            default -> "The execution ended before it was submitted. Nothing was charged; `retry` submits it.";
        };
    }
}
