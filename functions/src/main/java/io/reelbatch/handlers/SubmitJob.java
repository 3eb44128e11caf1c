package io.reelbatch.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.adapters.provider.ProviderClient;
import io.reelbatch.domain.job.AttemptState;
import io.reelbatch.domain.job.BatchRecord;
import io.reelbatch.domain.job.BatchSettings.OnUnknownSubmit;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.job.JobState;
import io.reelbatch.domain.job.Reason;
import io.reelbatch.domain.job.Reused;
import io.reelbatch.domain.provider.ProviderError;
import io.reelbatch.domain.provider.SubmitAnswer;
import io.reelbatch.domain.store.Jobs;
import io.reelbatch.domain.store.Jobs.Change;
import io.reelbatch.domain.store.Permits;
import io.reelbatch.handlers.InputUploads.Outcome;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a job to the provider, at most once for each reservation. The reservation is written before the request leaves,
 * and the answer goes to the same ledger entry. So the record always shows what may have been paid.
 */
public final class SubmitJob extends StepHandler<JobStep, JobStep> {
    private static final Logger LOG = LoggerFactory.getLogger(SubmitJob.class);
    /** Connect and read time-outs of one request, with time to write its answer down. */
    private static final Duration ONE_REQUEST = Duration.ofSeconds(40);
    /** Time after an invocation's deadline by which it has certainly stopped sending. */
    private static final Duration LEASE_MARGIN = Duration.ofSeconds(60);
    /** Submits that the provider answered with a server error are sent again this often. */
    private static final int MAX_SERVER_ERRORS = 2;

    /** While somebody else may be sending: how soon to see what came of it. */
    private static final int LOOK_AGAIN_SECONDS = 15;

    private final Parts parts;
    private final Jobs jobs;
    private final NextPoll nextPoll;
    private final QuoteDesk quotes;
    private final InputUploads uploads;
    private final Reuse reuse;
    private final Sources sources;
    private final Permits permits;
    private final Turnstile turnstile;
    private final CallbackAddresses callbacks;
    private final AwaitedJobs awaited;

    /** For Lambda: by the environment variables, of which a missing one is an {@link IllegalStateException}. */
    public SubmitJob() {
        this(Deployment.here().partsWithKey());
        prepareSnapshot(Snapshot.records(parts), Snapshot.provider(parts));
    }

    public SubmitJob(Parts parts) {
        super(JobStep.class);
        this.parts = parts;
        this.jobs = parts.jobs();
        this.nextPoll = new NextPoll(parts);
        this.quotes = new QuoteDesk(parts);
        this.uploads = new InputUploads(parts);
        this.reuse = new Reuse(parts);
        this.sources = new Sources(parts);
        this.permits = new Permits(parts.store());
        this.turnstile = new Turnstile(parts);
        this.callbacks = new CallbackAddresses(parts);
        this.awaited = new AwaitedJobs(parts);
    }

    @Override
    JobStep handle(JobStep step, Context context) {
        if (!step.levels().isEmpty()) {
            return step.chain();
        }
        JobRecord job = jobs.read(step.key());
        return switch (job.state()) {
            case STORED, FAILED -> step.done();
            case GENERATED -> step.download();
            case SUBMITTED -> nextPoll.after(step, job);
            case SUBMITTING -> awaitLease(step, job);
            case PLANNED, UNKNOWN -> submitUnlessRefused(step, job, context);
        };
    }

    /** Somebody may still be sending. Once that is impossible, the outcome is what it is: unknown. */
    private JobStep awaitLease(JobStep step, JobRecord job) {
        int number = job.lastAttempt().number();
        Instant now = parts.clock().instant();
        long left = Duration.between(now, job.lastAttempt().leaseUntil())
                .plusMillis(999)
                .toSeconds();
        if (left > 0) {
            return step.submitAfter((int) Math.min(left, LOOK_AGAIN_SECONDS));
        }
        jobs.updateIf(
                step.key(),
                latest -> latest.state() == JobState.SUBMITTING
                        && latest.lastAttempt().number() == number,
                latest -> latest.lost(number, "The sender stopped before it wrote the answer down.", now));
        return parts.webhookUrl().isPresent() ? awaitCallback(step, number) : step.submitAfter(0);
    }

    private JobStep submitUnlessRefused(JobStep step, JobRecord job, Context context) {
        BatchRecord batch = parts.batch(step.batchId());
        Optional<Refusal> refusal = refusal(batch, job);
        if (refusal.isPresent()) {
            return fail(step, refusal.get());
        }
        if (left(context).compareTo(ONE_REQUEST) < 0) {
            return step.submitAfter(1);
        }
        Sources.Outcome images = sources.of(step.batchId(), job.plan(), client(batch));
        return images instanceof Sources.Outcome.Ready made
                ? submitWith(made, step, batch, job, context)
                : withoutSource(step, images);
    }

    private JobStep submitWith(
            Sources.Outcome.Ready made, JobStep step, BatchRecord batch, JobRecord job, Context context) {
        int wait = job.plan().permit()
                ? permits.take(batch, job.plan(), parts.clock().instant())
                : 0;
        if (wait > 0) {
            return step.submitAfter(wait);
        }
        Optional<JobStep> copied = batch.settings().reuse() ? copyEarlier(step, batch, job) : Optional.empty();
        if (copied.isPresent()) {
            return copied.get();
        }
        Outcome inputs = uploads.ready(step.batchId(), made.plan(), made.urls(), client(batch), left(context));
        if (!(inputs instanceof Outcome.Ready ready)) {
            return withoutInputs(step, inputs);
        }
        QuoteDesk.Quoted quoted = quotes.quote(batch, made.plan(), ready.body(), context);
        if (!quoted.ready()) {
            return step.submitAfter(1);
        }
        Turnstile.Passed passed = turnstile.pass(step, batch, job);
        if (!passed.now()) {
            jobs.update(step.key(), latest -> latest.started(parts.clock().instant()));
            return passed.step();
        }
        return reserve(passed.step(), batch, job, ready.body(), quoted.price(), context);
    }

    private Optional<JobStep> copyEarlier(JobStep step, BatchRecord batch, JobRecord job) {
        return reuse.copy(batch, job).map(copied -> {
            Reused from = new Reused(copied.fromBatch(), job.plan().price());
            Change change = jobs.updateIf(
                    step.key(),
                    latest -> latest.version() == job.version(),
                    latest -> latest.reusing(copied.files(), from, parts.clock().instant()));
            Steps.event(LOG, step, "reused", change.record())
                    .addKeyValue("from_batch", from.batchId())
                    .addKeyValue("avoided_usd", from.avoided())
                    .log();
            return change.record().state().isEnd() ? step.done() : step.submitAfter(1);
        });
    }

    private static Duration left(Context context) {
        return Duration.ofMillis(context.getRemainingTimeInMillis());
    }

    private JobStep withoutSource(JobStep step, Sources.Outcome outcome) {
        if (outcome instanceof Sources.Outcome.Failed failed) {
            return fail(step, new Refusal(Reason.SOURCE_FAILED, failed.message()));
        }
        Instant now = parts.clock().instant();
        jobs.update(step.key(), latest -> latest.started(now));
        return step.submitAfter(LOOK_AGAIN_SECONDS);
    }

    private JobStep withoutInputs(JobStep step, Outcome outcome) {
        Instant now = parts.clock().instant();
        if (outcome instanceof Outcome.Busy) {
            jobs.update(step.key(), latest -> latest.started(now));
            return step.submitAfter(1);
        } else if (outcome instanceof Outcome.NotNow notNow) {
            JobRecord job = jobs.update(step.key(), latest -> latest.waitingForInput(now));
            int seconds = parts.backoff().seconds(job.throttled() - 1, notNow.retryAfter());
            Steps.event(LOG, step, "upload put off", job)
                    .addKeyValue("seconds", seconds)
                    .addKeyValue("why", notNow.message())
                    .log();
            return step.submitAfter(seconds);
        } else if (outcome instanceof Outcome.Refused refused) {
            return inputRefused(step, refused.error());
        }
        return fail(step, new Refusal(Reason.REFUSED, ((Outcome.Changed) outcome).message()));
    }

    private JobStep inputRefused(JobStep step, ProviderError error) {
        if (error.kind().stopsBatch()) {
            new Halting(parts.store()).halt(step.batchId(), error);
            return fail(step, new Refusal(error.kind().reason(), Halting.sentence(error)));
        }
        return fail(
                step,
                new Refusal(
                        error.kind().reason(),
                        "Its input image could not be uploaded: " + error.describe() + ". Nothing was charged."));
    }

    private JobStep reserve(
            JobStep step,
            BatchRecord batch,
            JobRecord job,
            ObjectNode body,
            Optional<BigDecimal> quote,
            Context context) {
        Duration left = left(context);
        if (left.compareTo(ONE_REQUEST) < 0) {
            return step.submitAfter(0);
        }
        BigDecimal price = quote.orElse(job.plan().price()).max(job.plan().price());
        Instant now = parts.clock().instant();
        Change reserved = jobs.reserve(
                step.key(),
                latest -> latest.version() == job.version(),
                latest -> latest.sending(price, quote, now, now.plus(left).plus(LEASE_MARGIN)),
                batch.settings().budget());
        return switch (reserved.outcome()) {
            case DONE -> send(step, batch, reserved.record(), body);
            case NOT_NOW -> step.submitAfter(1);
            case OVER_BUDGET -> fail(step, overBudget(batch, job, price));
        };
    }

    private record Refusal(Reason reason, String message) {}

    private Optional<Refusal> refusal(BatchRecord batch, JobRecord job) {
        if (batch.halt().isPresent()) {
            return batch.halt().map(halt -> new Refusal(halt.reason(), "Not submitted. " + halt.message()));
        }
        if (job.state() == JobState.UNKNOWN && !mayResubmit(batch, job)) {
            return Optional.of(
                    new Refusal(
                            Reason.UNKNOWN_SUBMIT,
                            "The answer to its submit was lost, so it may have been accepted and charged. `retry` sends it again."));
        }
        Instant now = parts.clock().instant();
        Duration queued = Duration.between(job.queuedSince().orElse(now), now);
        if (queued.compareTo(job.plan().maxQueueWait()) > 0) {
            return Optional.of(new Refusal(
                    Reason.QUEUE_EXPIRED,
                    "Not accepted within its max_queue_wait of "
                            + job.plan().maxQueueWait().toSeconds()
                            + " s: the provider kept putting it off, or could not be reached. Lower max_workers, raise"
                            + " max_queue_wait or check the provider's address, then retry."));
        }
        return Optional.empty();
    }

    private static boolean mayResubmit(BatchRecord batch, JobRecord job) {
        return batch.settings().onUnknownSubmit() == OnUnknownSubmit.RESUBMIT && job.count(AttemptState.UNKNOWN) <= 1;
    }

    private static Refusal overBudget(BatchRecord batch, JobRecord job, BigDecimal price) {
        String limit =
                "the budget of $" + batch.settings().budget().orElseThrow().toPlainString();
        return job.state() == JobState.UNKNOWN
                ? new Refusal(
                        Reason.UNKNOWN_SUBMIT,
                        "The answer to its submit was lost, and " + limit + " does not cover sending it again.")
                : new Refusal(
                        Reason.BUDGET,
                        "Not submitted: " + limit + " does not cover its price of $" + price.toPlainString()
                                + ". Retry with a higher budget.");
    }

    private JobStep send(JobStep step, BatchRecord batch, JobRecord job, ObjectNode body) {
        int number = job.lastAttempt().number();
        Optional<ObjectNode> called = callbacks.addTo(body, step.key(), number);
        SubmitAnswer answer = client(batch).submit(job.plan().endpoint(), called.orElse(body), ONE_REQUEST);
        if (answer instanceof SubmitAnswer.Accepted accepted) {
            JobStep kept = keepAccepted(step, number, accepted, called.isPresent());
            turnstile.accepted(step, batch, job);
            return kept;
        } else if (answer instanceof SubmitAnswer.Throttled throttled) {
            JobRecord waiting = jobs.update(step.key(), latest -> latest.putOff(number));
            JobStep queued = turnstile.refused(step, batch, job, throttled.retryAfter());
            return putOff(queued, waiting, throttled.message());
        } else if (answer instanceof SubmitAnswer.NotSent notSent) {
            JobRecord waiting = jobs.update(step.key(), latest -> latest.putOff(number));
            int seconds = parts.backoff().seconds(waiting.throttled() - 1, Optional.empty());
            return putOff(step.submitAfter(seconds), waiting, notSent.message());
        } else if (answer instanceof SubmitAnswer.Refused refused) {
            return keepRefused(step, number, refused.error());
        } else if (answer instanceof SubmitAnswer.Lost lost) {
            return keepLost(step, number, lost.message(), called.isPresent());
        }
        throw new IllegalStateException("no such answer: " + answer);
    }

    private ProviderClient client(BatchRecord batch) {
        return parts.provider().apply(batch.settings().api());
    }

    private JobStep keepAccepted(JobStep step, int number, SubmitAnswer.Accepted answer, boolean calledBack) {
        Instant now = parts.clock().instant();
        UnaryOperator<JobRecord> accept =
                latest -> latest.accepted(number, answer.predictionId(), answer.pollUrl(), now);
        if (answer.predictionId().isPresent()) {
            JobRecord accepted = jobs.update(step.key(), accept);
            Steps.event(LOG, step, "submitted", accepted).log();
            if (accepted.state() == JobState.GENERATED) {
                return step.download();
            } else if (answer.outputs().isEmpty()) {
                return calledBack ? nextPoll.afterCallback(step, accepted) : nextPoll.after(step, accepted);
            }
        }
        List<String> urls =
                new InlineOutputs(parts.objects(), parts.downloader()).keep(step.key(), number, answer.outputs());
        // Without an id nobody can ask for the outputs again: then accepted and generated are one write.
        JobRecord generated =
                jobs.update(step.key(), latest -> accept.apply(latest).generated(number, urls, answer.price(), now));
        Steps.event(LOG, step, "generated", generated).log();
        return step.download();
    }

    private static JobStep putOff(JobStep next, JobRecord job, String message) {
        Steps.event(LOG, next, "put off", job)
                .addKeyValue("seconds", next.waitSeconds())
                .addKeyValue("why", message)
                .log();
        return next;
    }

    private JobStep keepRefused(JobStep step, int number, ProviderError error) {
        Instant now = parts.clock().instant();
        JobRecord job = jobs.update(step.key(), latest -> latest.refused(number, error.describe(), now));
        if (error.kind().retryable() && job.count(AttemptState.REFUSED) <= MAX_SERVER_ERRORS) {
            return step.submitAfter(parts.backoff().seconds(job.count(AttemptState.REFUSED), Optional.empty()));
        }
        if (error.kind().stopsBatch()) {
            new Halting(parts.store()).halt(step.batchId(), error);
            return fail(step, new Refusal(error.kind().reason(), Halting.sentence(error)));
        }
        return fail(step, new Refusal(error.kind().reason(), error.describe()));
    }

    private JobStep keepLost(JobStep step, int number, String message, boolean calledBack) {
        Instant now = parts.clock().instant();
        JobRecord job = jobs.update(step.key(), latest -> latest.lost(number, message, now));
        Steps.event(LOG, step, "answer lost", job).addKeyValue("why", message).log();
        return calledBack
                ? awaitCallback(step, number)
                : step.submitAfter(parts.backoff().seconds(0, Optional.empty()));
    }

    /** A callback may still prove that it was accepted, or that it has failed, and is waited for before it is sent again. */
    private JobStep awaitCallback(JobStep step, int number) {
        awaited.settleFailure(jobs, step.key(), number);
        JobRecord job = jobs.read(step.key());
        return switch (job.state()) {
            case UNKNOWN -> nextPoll.afterLost(step, job);
            case GENERATED -> step.download();
            case STORED, FAILED -> step.done();
            case PLANNED, SUBMITTING, SUBMITTED ->
                step.submitAfter(parts.backoff().seconds(0, Optional.empty()));
        };
    }

    private JobStep fail(JobStep step, Refusal refusal) {
        JobRecord job = jobs.updateIf(
                        step.key(),
                        latest -> latest.state() == JobState.PLANNED || latest.state() == JobState.UNKNOWN,
                        latest -> failed(latest, refusal, parts.clock().instant()))
                .record();
        Steps.event(LOG, step, "failed", job)
                .addKeyValue("why", refusal.message())
                .log();
        return job.state().isEnd() ? step.done() : step.submitAfter(1);
    }

    /** Whatever kept it from being sent again: of a job whose answer was lost, that is what there is to look into. */
    private static JobRecord failed(JobRecord job, Refusal refusal, Instant now) {
        boolean hidesLoss = job.state() == JobState.UNKNOWN && refusal.reason() != Reason.UNKNOWN_SUBMIT;
        return hidesLoss
                ? job.failed(
                        Reason.UNKNOWN_SUBMIT,
                        "The answer to its submit was lost, so it may have been accepted and charged; it could not be sent again: "
                                + refusal.message(),
                        now)
                : job.failed(refusal.reason(), refusal.message(), now);
    }
}
