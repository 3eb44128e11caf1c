package io.reelbatch.adapters.aws;

import io.reelbatch.errors.StoreException;
import java.time.Duration;
import java.util.Map;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/**
 * The queue of notifications to send, and the queue of those that could not be delivered. A failed call is a {@link
 * StoreException}.
 */
public final class NotificationQueue implements AutoCloseable {
    private final SqsClient client;
    private final String queueUrl;
    private final String undeliveredUrl;

    /**
     * Calls nothing yet.
     *
     * @param undeliveredUrl of the queue that keeps what could not be delivered; empty for who only sends
     */
    public NotificationQueue(SqsClient client, String queueUrl, String undeliveredUrl) {
        this.client = client;
        this.queueUrl = queueUrl;
        this.undeliveredUrl = undeliveredUrl;
    }

    /** Adds a message. */
    public void add(String body) {
        call(
                "queue a notification",
                () -> client.sendMessage(request -> request.queueUrl(queueUrl).messageBody(body)));
    }

    /** Lets a message that was received be received again after that wait, instead of when the queue says. */
    public void postpone(String receiptHandle, Duration wait) {
        call(
                "postpone a notification",
                () -> client.changeMessageVisibility(request -> request.queueUrl(queueUrl)
                        .receiptHandle(receiptHandle)
                        .visibilityTimeout(Math.toIntExact(wait.toSeconds()))));
    }

    /**
     * Keeps what could not be delivered.
     *
     * @param why in one line; goes beside the message, as its attribute {@code why}
     */
    public void setAside(String body, String why) {
        call(
                "set a notification aside",
                () -> client.sendMessage(request -> request.queueUrl(undeliveredUrl)
                        .messageBody(body)
                        .messageAttributes(Map.of(
                                "why",
                                MessageAttributeValue.builder()
                                        .dataType("String")
                                        .stringValue(why)
                                        .build()))));
    }

    private void call(String what, Runnable call) {
        try {
            call.run();
        } catch (SdkException e) {
            throw new StoreException("cannot " + what + " in " + queueUrl + ": " + Advice.on(e), e);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
