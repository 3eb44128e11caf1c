package io.reelbatch.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import io.reelbatch.domain.job.Attempt;
import io.reelbatch.domain.job.AttemptState;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.job.JobState;
import io.reelbatch.domain.job.Reason;
import io.reelbatch.domain.provider.PollAnswer;
import io.reelbatch.domain.provider.ProviderError.Kind;
import io.reelbatch.domain.store.Jobs;
import io.reelbatch.domain.store.Jobs.Change;
import io.reelbatch.domain.store.Jobs.Outcome;
import io.reelbatch.handlers.JobStep.Next;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Polls the provider for the status of a generation and records the answer. */
public final class CheckJob extends StepHandler<JobStep, JobStep> {
    private static final Logger LOG = LoggerFactory.getLogger(CheckJob.class);
    /** An output whose fresh URLs expire as often as this is not to be had. */
    private static final int MAX_REFRESHES = 3;

    private final Parts parts;
    private final Jobs jobs;
    private final NextPoll nextPoll;

    /** For Lambda: by the environment variables, of which a missing one is an {@link IllegalStateException}. */
    public CheckJob() {
        this(Deployment.here().partsWithKey());
        prepareSnapshot(Snapshot.records(parts), Snapshot.provider(parts));
    }

    public CheckJob(Parts parts) {
        super(JobStep.class);
        this.parts = parts;
        this.jobs = parts.jobs();
        this.nextPoll = new NextPoll(parts);
    }

    @Override
    JobStep handle(JobStep step, Context context) {
        JobRecord job = jobs.read(step.key());
        boolean refresh = step.next().equals(Optional.of(Next.REFRESH));
        return switch (job.state()) {
            case STORED, FAILED -> step.done();
            case UNKNOWN -> sendAgain(step);
            case PLANNED, SUBMITTING -> step.anew().submitAfter(0);
            case SUBMITTED -> check(step, job);
            case GENERATED -> refresh ? refresh(step, job) : step.download();
        };
    }

    /** Nobody called back to settle a lost submit. That wait was not the provider's putting it off: it queues from now. */
    private JobStep sendAgain(JobStep step) {
        Instant now = parts.clock().instant();
        jobs.updateIf(step.key(), latest -> latest.state() == JobState.UNKNOWN, latest -> latest.requeued(now));
        return step.anew().submitAfter(0);
    }

    private JobStep refresh(JobStep step, JobRecord job) {
        if (step.refreshes() >= MAX_REFRESHES) {
            String message = "Its output could not be fetched: the provider's URL was refused " + MAX_REFRESHES
                    + " times. The generation is paid for; `retry` fetches it again without paying.";
            return fail(step, job, Reason.DOWNLOAD_FAILED, message);
        }
        return check(step.refreshed(), job);
    }

    private JobStep check(JobStep step, JobRecord job) {
        Attempt attempt = job.current().orElseThrow();
        if (attempt.predictionId().isEmpty()) {
            return fail(
                    step, job, Reason.DOWNLOAD_FAILED, "Its output expired, and the provider gave no id to ask it by.");
        }
        PollAnswer answer = parts.provider()
                .apply(parts.batch(step.batchId()).settings().api())
                .poll(attempt.predictionId().get(), attempt.pollUrl());
        if (answer instanceof PollAnswer.Generated generated) {
            JobStep kept = keepGenerated(step, attempt, generated);
            if (job.state() == JobState.SUBMITTED) {
                nextPoll.learn(step, job, generated);
            }
            return kept;
        } else if (answer instanceof PollAnswer.GenerationFailed failed) {
            return keepFailed(step, attempt, failed);
        } else if (answer instanceof PollAnswer.Refused refused
                && refused.error().kind().stopsBatch()) {
            new Halting(parts.store()).halt(step.batchId(), refused.error());
            if (refused.error().kind() != Kind.OUT_OF_BALANCE) {
                return fail(step, job, refused.error().kind().reason(), Halting.sentence(refused.error()));
            }
        }
        return waitOn(step, job, words(answer));
    }

    private static String words(PollAnswer answer) {
        if (answer instanceof PollAnswer.Pending pending) {
            return pending.status();
        } else if (answer instanceof PollAnswer.NotVisible notVisible) {
            return notVisible.message();
        } else if (answer instanceof PollAnswer.Unavailable unavailable) {
            return unavailable.message();
        } else if (answer instanceof PollAnswer.Refused refused) {
            return refused.error().describe();
        }
        throw new IllegalStateException("not an answer to wait on: " + answer);
    }

    private JobStep keepGenerated(JobStep step, Attempt attempt, PollAnswer.Generated answer) {
        Instant now = parts.clock().instant();
        List<String> urls = new InlineOutputs(parts.objects(), parts.downloader())
                .keep(step.key(), attempt.number(), answer.outputs());
        JobRecord job = jobs.updateIf(
                        step.key(),
                        latest -> latest.state() == JobState.SUBMITTED || latest.state() == JobState.GENERATED,
                        latest -> latest.waited(step.waits(), step.schedule())
                                .generated(attempt.number(), urls, answer.price(), now))
                .record();
        Steps.event(LOG, step, "generated", job).log();
        overshoot(step, attempt, answer, now)
                .ifPresent(late -> parts.metrics().noticed(job.plan().model(), late));
        return step.download();
    }

    /** How long it had been ready, as far as the provider tells: at most the last wait, since the poll before saw nothing. */
    private static Optional<Duration> overshoot(
            JobStep step, Attempt attempt, PollAnswer.Generated answer, Instant now) {
        if (step.waits().isEmpty()) {
            return Optional.empty();
        }
        Duration lastWait = Duration.ofSeconds(step.waits().get(step.waits().size() - 1));
        return answer.took()
                .map(ran -> Duration.between(attempt.sentAt(), now).minus(ran))
                .map(late -> late.isNegative() ? Duration.ZERO : late)
                .map(late -> late.compareTo(lastWait) > 0 ? lastWait : late);
    }

    private JobStep keepFailed(JobStep step, Attempt attempt, PollAnswer.GenerationFailed answer) {
        Instant now = parts.clock().instant();
        JobRecord job = jobs.updateIf(
                        step.key(),
                        latest -> latest.attempt(attempt.number())
                                .filter(tried -> !tried.state().isSettled())
                                .isPresent(),
                        latest -> afterFailure(latest.waited(step.waits(), step.schedule()), attempt, answer, now))
                .record();
        Steps.event(LOG, step, "generation failed", job)
                .addKeyValue("why", answer.message())
                .log();
        return switch (job.state()) {
            case PLANNED, UNKNOWN, SUBMITTING ->
                step.anew().submitAfter(parts.backoff().seconds(job.count(AttemptState.FAILED), Optional.empty()));
            case SUBMITTED -> nextPoll.after(step, job);
            case GENERATED -> step.download();
            case STORED, FAILED -> step.done();
        };
    }

    private static JobRecord afterFailure(
            JobRecord job, Attempt attempt, PollAnswer.GenerationFailed answer, Instant now) {
        JobRecord failed = job.generationFailed(attempt.number(), answer.message(), now);
        if (failed.state() != JobState.PLANNED && failed.state() != JobState.UNKNOWN) {
            return failed;
        }
        if (answer.moderated()) {
            return failed.failed(Reason.MODERATED, "Refused by moderation, not charged: " + answer.message(), now);
        }
        boolean enough = answer.isFinal()
                || failed.count(AttemptState.FAILED) > job.plan().retries();
        return enough
                ? failed.failed(Reason.GENERATION_FAILED, GenerationFailures.sentence(answer.message()), now)
                : failed;
    }

    private JobStep waitOn(JobStep step, JobRecord job, String lastAnswer) {
        Instant now = parts.clock().instant();
        boolean waiting = job.state() == JobState.GENERATED
                || job.waitUntil().map(now::isBefore).orElse(true);
        if (waiting) {
            return nextPoll.after(step, job);
        }
        String message = "Still not generated after its timeout of "
                + job.plan().timeout().toSeconds() + " s (last answer: " + lastAnswer
                + "). It may still be charged; `retry` asks for it again without paying.";
        return fail(step, job, Reason.WAIT_EXPIRED, message);
    }

    /** Unless a callback was faster: the job is then where that brought it. */
    private JobStep fail(JobStep step, JobRecord before, Reason reason, String message) {
        Change change = jobs.updateIf(
                step.key(),
                latest -> latest.state() == before.state(),
                latest -> latest.waited(step.waits(), step.schedule())
                        .failed(reason, message, parts.clock().instant()));
        JobRecord job = change.record();
        if (change.outcome() == Outcome.DONE) {
            Steps.event(LOG, step, "failed", job).addKeyValue("why", message).log();
        }
        return switch (job.state()) {
            case GENERATED -> step.download();
            case STORED, FAILED -> step.done();
            case PLANNED, UNKNOWN, SUBMITTING, SUBMITTED -> step.anew().submitAfter(0);
        };
    }
}
