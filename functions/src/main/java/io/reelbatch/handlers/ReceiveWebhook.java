package io.reelbatch.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.fasterxml.jackson.databind.JsonNode;
import io.reelbatch.domain.job.Attempt;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.json.Json;
import io.reelbatch.domain.provider.Callback;
import io.reelbatch.domain.store.Jobs;
import io.reelbatch.domain.store.Jobs.Change;
import io.reelbatch.domain.store.Jobs.Outcome;
import io.reelbatch.domain.webhook.CallbackKey.Target;
import io.reelbatch.domain.webhook.SignedCallback;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives the provider's callback that a generation has ended: {@code POST /webhooks/{reference}}. Answers 404 for an
 * unknown address, 401 for a bad signature, 400 for an unreadable body, and otherwise 200, even if the callback brought
 * nothing new.
 */
public final class ReceiveWebhook extends EventHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ReceiveWebhook.class);
    private static final String HEADER = "x-atlascloud-webhook-";

    private final Parts parts;
    private final Jobs jobs;
    private final CallbackAddresses addresses;
    private final CallbackCheck check;
    private final AwaitedJobs awaited;
    private final TaskTokens tokens;
    private final Latencies latencies;

    /** For Lambda: by the environment variables, of which a missing one is an {@link IllegalStateException}. */
    public ReceiveWebhook() {
        this(Deployment.here());
    }

    private ReceiveWebhook(Deployment deployment) {
        this(deployment.parts(), deployment.taskTokens(), Clock.systemUTC());
        prepareSnapshot(Snapshot.records(parts), Snapshot.provider(parts));
    }

    /** @param signed the world's time, by which the provider signs, however fast that of {@code parts} runs */
    public ReceiveWebhook(Parts parts, TaskTokens tokens, Clock signed) {
        this.parts = parts;
        this.jobs = parts.jobs();
        this.addresses = new CallbackAddresses(parts);
        this.check = new CallbackCheck(parts, signed);
        this.awaited = new AwaitedJobs(parts);
        this.tokens = tokens;
        this.latencies = new Latencies(parts);
    }

    @Override
    JsonNode handle(JsonNode event, Context context) {
        Optional<Target> target =
                addresses.target(event.at("/pathParameters/reference").asText(""));
        if (target.isEmpty() || parts.store().job(target.get().job()).isEmpty()) {
            return HttpReply.error(404, "no_such_job", "This is not the address of a job.");
        }
        SignedCallback signed = signed(event);
        Optional<String> objection = check.objection(signed, target.get());
        if (objection.isPresent()) {
            LOG.atWarn()
                    .setMessage("callback refused")
                    .addKeyValue("job", target.get().job())
                    .addKeyValue("why", objection.get())
                    .log();
            return HttpReply.error(401, "not_believed", "The callback was refused: " + objection.get() + ".");
        }
        Optional<Callback> callback = Callback.read(signed.body());
        if (callback.isEmpty()) {
            return HttpReply.error(400, "not_a_callback", "The body has no payload.");
        }
        take(target.get(), callback.get());
        return HttpReply.of(200, Json.mapper().createObjectNode().put("received", true));
    }

    private void take(Target target, Callback callback) {
        JobRecord job;
        if (callback instanceof Callback.Generated generated) {
            job = keepGenerated(target, generated.outputs());
        } else if (callback instanceof Callback.Failed failed) {
            job = keepFailed(target, failed.message());
        } else {
            job = jobs.read(target.job());
        }
        if (isAwaited(job, target.number())) {
            awaited.wait(target.job()).ifPresent(wait -> wait.end(tokens, job));
        }
    }

    /** Whether a wait of the job, if there is one, is for that attempt. */
    private static boolean isAwaited(JobRecord job, int number) {
        return switch (job.state()) {
            case UNKNOWN -> false;
            case SUBMITTED -> job.current().orElseThrow().number() == number;
            default -> true;
        };
    }

    private static SignedCallback signed(JsonNode event) {
        String body = event.path("body").asText("");
        boolean encoded = event.path("isBase64Encoded").asBoolean(false);
        JsonNode headers = event.path("headers");
        return new SignedCallback(
                headers.path(HEADER + "timestamp").asText(""),
                headers.path(HEADER + "key-id").asText(""),
                headers.path(HEADER + "signature-ed25519").asText(""),
                encoded ? Base64.getDecoder().decode(body) : body.getBytes(StandardCharsets.UTF_8));
    }

    private JobRecord keepGenerated(Target target, List<String> outputs) {
        Instant now = parts.clock().instant();
        int number = target.number();
        JobRecord before = jobs.read(target.job());
        if (!isOpen(before, number)) {
            return before;
        }
        List<String> urls = new InlineOutputs(parts.objects(), parts.downloader()).keep(target.job(), number, outputs);
        Change change = jobs.updateIf(target.job(), latest -> isOpen(latest, number), latest -> {
            Attempt attempt = latest.attempt(number).orElseThrow();
            return latest.accepted(number, attempt.predictionId(), attempt.pollUrl(), now)
                    .generated(number, urls, Optional.empty(), now);
        });
        if (change.outcome() == Outcome.DONE) {
            JobRecord job = change.record();
            Duration took = Duration.between(job.attempt(number).orElseThrow().sentAt(), now);
            Steps.event(LOG, JobStep.takenUp(job), "generated", job)
                    .addKeyValue("called_back", true)
                    .log();
            // One that comes after we gave up tells of its own delay more than of the model's.
            if (!took.isNegative() && took.compareTo(job.plan().timeout()) <= 0) {
                latencies.remember(target.job().batchId(), job.plan(), took);
            }
        }
        return change.record();
    }

    /** Whether the provider's last word on an attempt is still to come. */
    private static boolean isOpen(JobRecord job, int number) {
        return job.attempt(number)
                .map(Attempt::state)
                .filter(state -> !state.isSettled())
                .isPresent();
    }

    /** Where there is an id the next poll tells more, and whoever is sending writes its answer down first. */
    private JobRecord keepFailed(Target target, String message) {
        int number = target.number();
        if (isOpen(jobs.read(target.job()), number)) {
            awaited.keepFailure(target.job(), number, message);
        }
        Instant now = parts.clock().instant();
        Change change = GenerationFailures.settle(jobs, target.job(), number, message, now);
        if (change.outcome() == Outcome.DONE) {
            Steps.event(LOG, JobStep.takenUp(change.record()), "generation failed", change.record())
                    .addKeyValue("why", message)
                    .log();
        }
        return change.record();
    }

    /** Whether {@code reference} belongs to an address of ours. If not, the request's body need not be read. */
    public boolean expects(String reference) {
        return addresses.target(reference).isPresent();
    }
}
