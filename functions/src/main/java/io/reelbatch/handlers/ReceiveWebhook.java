package io.reelbatch.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.fasterxml.jackson.databind.JsonNode;
import io.reelbatch.domain.job.Attempt;
import io.reelbatch.domain.job.AttemptState;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.job.JobState;
import io.reelbatch.domain.json.Json;
import io.reelbatch.domain.store.Jobs;
import io.reelbatch.domain.store.Jobs.Change;
import io.reelbatch.domain.store.Jobs.Outcome;
import io.reelbatch.domain.webhook.Callback;
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
 * Takes the provider's word that a generation has ended: {@code POST /webhooks/{reference}}. Answers 404 for an address that
 * is none of ours, 401 for what the provider did not sign, 400 for a body that says nothing, and otherwise 200, whether there was
 * still something to learn or not.
 */
public final class ReceiveWebhook extends EventHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ReceiveWebhook.class);
    private static final String HEADER = "x-atlascloud-webhook-";

    private final Parts parts;
    private final Jobs jobs;
    private final CallbackAddresses addresses;
    private final CallbackCheck check;
    private final AwaitedJobs awaited;
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
        this.awaited = new AwaitedJobs(parts.store(), tokens);
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
        Change change = callback.get().succeeded()
                ? keepGenerated(target.get(), callback.get().outputs())
                : keepFailed(target.get(), callback.get().error().orElse("the provider gave no reason"));
        awaited.wake(change.record());
        return HttpReply.of(200, Json.mapper().createObjectNode().put("received", true));
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

    private Change keepGenerated(Target target, List<String> outputs) {
        Instant now = parts.clock().instant();
        int number = target.number();
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
            if (!took.isNegative()) {
                latencies.remember(target.job().batchId(), job.plan(), took);
            }
        }
        return change;
    }

    /** Whether the provider's last word on an attempt is still to come. */
    private static boolean isOpen(JobRecord job, int number) {
        return job.attempt(number)
                .map(Attempt::state)
                .filter(state -> state != AttemptState.SUCCEEDED && state != AttemptState.FAILED)
                .isPresent();
    }

    /** Where there is an id the next poll tells more, and whoever is sending writes its answer down first. */
    private Change keepFailed(Target target, String message) {
        Instant now = parts.clock().instant();
        int number = target.number();
        Change change = jobs.updateIf(
                target.job(),
                latest -> latest.state() == JobState.UNKNOWN
                        && latest.attempt(number)
                                .filter(attempt -> attempt.state() == AttemptState.UNKNOWN)
                                .isPresent(),
                latest -> GenerationFailures.after(latest, number, message, now));
        if (change.outcome() == Outcome.DONE) {
            Steps.event(LOG, JobStep.takenUp(change.record()), "generation failed", change.record())
                    .addKeyValue("why", message)
                    .log();
        }
        return change;
    }
}
