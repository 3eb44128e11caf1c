package io.reelbatch.handlers;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.reelbatch.adapters.aws.Executions;
import io.reelbatch.adapters.aws.NotificationQueue;
import io.reelbatch.adapters.aws.S3ObjectStore;
import io.reelbatch.adapters.aws.SigningSecrets;
import io.reelbatch.adapters.provider.Webhooks;
import io.reelbatch.domain.notify.Outbox;
import io.reelbatch.domain.store.JobStore;
import java.time.Clock;

/** Makes the handlers of events from parts, for tests in other modules. */
public final class EventHandlers {
    private EventHandlers() {}

    /** Reads versions of uploads from {@code versions}; a request without a key gets the batch id {@code random}. */
    public static RequestStreamHandler startBatch(Parts parts, Executions executions, S3ObjectStore versions) {
        return new StartBatch(parts, () -> executions, versions::read, () -> "random");
    }

    public static RequestStreamHandler getBatch(Parts parts, Executions executions) {
        return new GetBatch(parts, () -> executions);
    }

    public static RequestStreamHandler receiveWebhook(Parts parts, TaskTokens tokens) {
        return new ReceiveWebhook(parts, tokens, Clock.systemUTC());
    }

    public static RequestStreamHandler sendNotification(
            Parts parts, Webhooks webhooks, SigningSecrets secrets, NotificationQueue queue) {
        return new SendNotification(parts, () -> webhooks, () -> secrets, () -> queue);
    }

    /** Queues what {@link #sendNotification} sends. */
    public static Outbox outbox(JobStore store, NotificationQueue queue, String bucket, String secretPrefix) {
        return new QueuedOutbox(store, () -> queue, bucket, secretPrefix);
    }

    public static RequestStreamHandler reconcile(Parts parts, Executions executions) {
        return new Reconcile(parts, () -> executions);
    }
}
