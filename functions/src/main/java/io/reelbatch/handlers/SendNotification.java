package io.reelbatch.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.adapters.aws.NotificationQueue;
import io.reelbatch.adapters.aws.SigningSecrets;
import io.reelbatch.adapters.provider.Webhooks;
import io.reelbatch.domain.job.BatchRecord;
import io.reelbatch.domain.job.NotifySettings;
import io.reelbatch.domain.json.Json;
import io.reelbatch.domain.notify.DeliveredNotices;
import io.reelbatch.domain.notify.Delivery;
import io.reelbatch.domain.notify.QueuedNotice;
import io.reelbatch.domain.notify.Redelivery;
import io.reelbatch.domain.notify.SigningSecret;
import io.reelbatch.errors.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends queued notices to the receivers that their batches name. A notice that its receiver does not accept stays in
 * the queue and is tried again at growing intervals for an hour. After that, or if it can never be sent, it moves to
 * the queue of undelivered notices.
 */
public final class SendNotification extends EventHandler {
    private static final Logger LOG = LoggerFactory.getLogger(SendNotification.class);
    /** A receiver is given 15 seconds, and AWS a few. */
    private static final int MILLIS_FOR_ONE = 25_000;

    private final Parts parts;
    private final DeliveredNotices delivered;
    private final Supplier<Webhooks> webhooks;
    private final Supplier<SigningSecrets> secrets;
    private final Supplier<NotificationQueue> queue;

    /** For Lambda: by the environment variables, of which a missing one is an {@link IllegalStateException}. */
    public SendNotification() {
        this(Deployment.here());
    }

    private SendNotification(Deployment deployment) {
        this(deployment.parts(), deployment.webhooks(), deployment.signingSecrets(), deployment.notificationQueue());
        prepareSnapshot(Snapshot.records(parts), Snapshot.webhooks(webhooks));
    }

    SendNotification(
            Parts parts,
            Supplier<Webhooks> webhooks,
            Supplier<SigningSecrets> secrets,
            Supplier<NotificationQueue> queue) {
        this.parts = parts;
        this.delivered = new DeliveredNotices(parts.store());
        this.webhooks = webhooks;
        this.secrets = secrets;
        this.queue = queue;
    }

    @Override
    JsonNode handle(JsonNode event, Context context) {
        ObjectNode answer = Json.mapper().createObjectNode();
        ArrayNode again = answer.putArray("batchItemFailures");
        for (JsonNode message : event.path("Records")) {
            if (context.getRemainingTimeInMillis() < MILLIS_FOR_ONE || !isSettled(message)) {
                again.addObject()
                        .put("itemIdentifier", message.path("messageId").asText());
            }
        }
        return answer;
    }

    /** Sends one; gives whether its message has done its work. */
    private boolean isSettled(JsonNode message) {
        try {
            String body = message.path("body").asText();
            Optional<QueuedNotice> notice = QueuedNotice.parse(body);
            if (notice.isEmpty()) {
                return isSetAside(message, "it is no notification of a batch");
            }
            Delivery delivery = deliver(notice.get());
            if (delivery instanceof Delivery.Later later) {
                return isGivenUp(message, later);
            }
            return delivery instanceof Delivery.Done || isSetAside(message, ((Delivery.Never) delivery).why());
        } catch (StoreException e) {
            log(message, "a notification could not be handled, it comes again", String.valueOf(e.getMessage()));
            return false;
        }
    }

    private Delivery deliver(QueuedNotice queued) {
        Optional<BatchRecord> batch = parts.store().batch(queued.batchId());
        Optional<NotifySettings> to = batch.flatMap(known -> known.settings().notification());
        if (to.isEmpty()) {
            return new Delivery.Never(
                    "there is no record of batch " + queued.batchId() + " that says where to send it");
        }
        if (delivered.has(queued.batchId(), queued.notice())) {
            return new Delivery.Done();
        }
        Optional<SigningSecret> secret;
        try {
            secret = to.get().secret().map(name -> secrets.get().get(name));
        } catch (StoreException e) {
            return new Delivery.Later(String.valueOf(e.getMessage()), Optional.empty());
        }
        Delivery delivery = webhooks.get().post(to.get().webhook(), queued.notice(), secret);
        if (delivery instanceof Delivery.Done) {
            delivered.add(queued.batchId(), queued.notice(), parts.clock().instant());
        }
        return delivery;
    }

    private boolean isGivenUp(JsonNode message, Delivery.Later later) {
        JsonNode attributes = message.path("attributes");
        Instant now = parts.clock().instant();
        Instant first = Instant.ofEpochMilli(
                attributes.path("ApproximateFirstReceiveTimestamp").asLong(now.toEpochMilli()));
        int tries = Math.max(1, attributes.path("ApproximateReceiveCount").asInt(1));
        Optional<Duration> wait = Redelivery.after(tries, first, now, later.retryAfter());
        if (wait.isEmpty()) {
            return isSetAside(message, later.why());
        }
        log(message, "notification not delivered, it is sent again", later.why());
        queue.get().postpone(message.path("receiptHandle").asText(), wait.get());
        return false;
    }

    private boolean isSetAside(JsonNode message, String why) {
        log(message, "notification given up", why);
        queue.get().setAside(message.path("body").asText(), why);
        return true;
    }

    private static void log(JsonNode message, String what, String why) {
        LOG.atWarn()
                .setMessage(what)
                .addKeyValue("message_id", message.path("messageId").asText())
                .addKeyValue("why", why)
                .log();
    }
}
