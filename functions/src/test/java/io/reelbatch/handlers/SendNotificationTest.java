package io.reelbatch.handlers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.standardwebhooks.Webhook;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.reelbatch.adapters.aws.AwsClients;
import io.reelbatch.adapters.aws.Emulators;
import io.reelbatch.adapters.aws.NotificationQueue;
import io.reelbatch.adapters.aws.SigningSecrets;
import io.reelbatch.adapters.aws.UsesDynamoDbLocal;
import io.reelbatch.adapters.provider.Webhooks;
import io.reelbatch.domain.config.InvalidConfigException;
import io.reelbatch.domain.job.JobKey;
import io.reelbatch.domain.job.JobState;
import io.reelbatch.domain.job.Reason;
import io.reelbatch.domain.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;

/** Notices on their way from a job's end through the queue to a receiver that verifies them. */
@UsesDynamoDbLocal
class SendNotificationTest {
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String QUEUE = "https://sqs.us-east-1.amazonaws.com/123456789012/notifications";
    private static final String UNDELIVERED = "https://sqs.us-east-1.amazonaws.com/123456789012/undelivered";
    private static final Duration PLENTY = Duration.ofMinutes(2);

    private final Emulators emulators;
    private final List<JsonNode> received = new CopyOnWriteArrayList<>();
    private final List<Exception> unverified = new CopyOnWriteArrayList<>();
    private volatile int answer = 204;
    private Lab lab;
    private HttpServer receiver;
    private NotificationQueue queue;
    private SigningSecrets secrets;
    private Webhooks webhooks;
    private Parts parts;

    SendNotificationTest(Emulators emulators) {
        this.emulators = emulators;
    }

    @BeforeEach
    void open() throws IOException {
        lab = new Lab(emulators, URI.create("http://127.0.0.1:1/api/v1"));
        lab.aws.secret(SECRET);
        AwsClients clients = new AwsClients(lab.aws.environment(), () -> AwsBasicCredentials.create("id", "secret"));
        queue = new NotificationQueue(clients.queues(), QUEUE, UNDELIVERED);
        secrets = new SigningSecrets(clients.secretsManager());
        webhooks = new Webhooks(true, Clock.systemUTC());
        parts = lab.parts.with(EventHandlers.outbox(lab.store, queue, lab.bucket, "reelbatch/lab/"));
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/hook", this::receive);
        receiver.start();
    }

    @AfterEach
    void close() {
        receiver.stop(0);
        webhooks.close();
        queue.close();
        lab.close();
    }

    private void receive(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        try {
            new Webhook(SECRET).verify(body, HttpHeaders.of(exchange.getRequestHeaders(), (name, value) -> true));
        } catch (Exception e) {
            unverified.add(e);
        }
        received.add(Json.mapper().readTree(body));
        exchange.sendResponseHeaders(answer, -1);
        exchange.close();
    }

    private String hook() {
        return "http://localhost:" + receiver.getAddress().getPort() + "/hook?token=hidden";
    }

    private void plan(String notify) throws IOException {
        lab.put("batches/weekly/config.yaml", "notify: " + notify + """

                jobs:
                - {name: Hero, type: image, prompt: a secret hero, model: black-forest-labs/flux-2-pro/text-to-image}
                """);
        lab.call(
                new PlanBatch(parts),
                Json.mapper()
                        .createObjectNode()
                        .put("batchId", "weekly")
                        .put("configUri", "s3://" + lab.bucket + "/batches/weekly/config.yaml"));
    }

    private void planned() throws IOException {
        plan("{webhook: \"" + hook() + "\", on: [job, batch], secret: reelbatch/lab/hook}");
    }

    private void jobFails() {
        parts.jobs()
                .update(new JobKey("weekly", 0), job -> job.failed(Reason.INTERNAL, "it broke", lab.clock.instant()));
    }

    private void batchEnds() throws IOException {
        lab.call(new BuildManifest(parts), Json.mapper().createObjectNode().put("batchId", "weekly"));
    }

    private List<String> queued() {
        return lab.aws.messages(QUEUE).stream()
                .map(message -> message.path("MessageBody").asText())
                .toList();
    }

    /** As Lambda hands them over: with how often, and when first, each was received. */
    private JsonNode send(List<String> bodies, int receipts, Instant first, Duration timeLeft) throws IOException {
        ObjectNode event = Json.mapper().createObjectNode();
        for (int i = 0; i < bodies.size(); i++) {
            ObjectNode message = event.withArray("Records").addObject();
            message.put("messageId", "m-" + i).put("receiptHandle", "r-" + i).put("body", bodies.get(i));
            message.putObject("attributes")
                    .put("ApproximateReceiveCount", String.valueOf(receipts))
                    .put("ApproximateFirstReceiveTimestamp", String.valueOf(first.toEpochMilli()));
        }
        return lab.call(EventHandlers.sendNotification(parts, webhooks, secrets, queue), event, timeLeft)
                .path("batchItemFailures");
    }

    private JsonNode send(List<String> bodies) throws IOException {
        return send(bodies, 1, lab.clock.instant(), PLENTY);
    }

    @Test
    void aReceiverVerifiesWhatItIsToldOfAJobAndItsBatchAndHearsNothingTwice() throws Exception {
        planned();
        jobFails();
        batchEnds();

        assertThat(queued())
                .hasSize(2)
                .allSatisfy(body ->
                        assertThat(body).doesNotContain("localhost", "hidden", "reelbatch/lab/hook", "a secret hero"));
        assertThat(send(queued())).isEmpty();
        assertThat(send(queued())).as("they come again").isEmpty();

        assertThat(unverified).isEmpty();
        assertThat(received)
                .extracting(body -> body.path("event").asText())
                .containsExactly("job.failed", "batch.finished");
        assertThat(received.get(1).path("url").asText())
                .isEqualTo("s3://" + lab.bucket + "/batches/weekly/manifest.json");
    }

    @Test
    void whatIsNotTakenComesAgainLaterAndLaterAndAnHourAfterwardsIsSetAside() throws Exception {
        planned();
        jobFails();
        answer = 500;

        Instant first = lab.clock.instant();
        assertThat(send(queued(), 1, first, PLENTY)).hasSize(1);
        assertThat(send(queued(), 4, first, PLENTY)).hasSize(1);
        lab.clock.advance(Duration.ofMinutes(55));
        assertThat(send(queued(), 12, first, PLENTY)).isEmpty();

        assertThat(lab.aws.postponed()).containsExactly("r-0 5", "r-0 40");
        assertThat(lab.aws.messages(UNDELIVERED)).singleElement().satisfies(message -> {
            assertThat(message.path("MessageBody").asText()).isEqualTo(queued().get(0));
            assertThat(message.at("/MessageAttributes/why/StringValue").asText())
                    .isEqualTo("localhost answered 500");
        });
        assertThat(received).hasSize(3);
    }

    @Test
    void oneThatIsNotTakenHoldsUpNoOther() throws Exception {
        planned();
        jobFails();
        batchEnds();
        webhooks.close();
        answer = 503;
        JsonNode failed = send(List.of("no notification", queued().get(0), "{}"));

        assertThat(failed)
                .singleElement()
                .satisfies(
                        item -> assertThat(item.path("itemIdentifier").asText()).isEqualTo("m-1"));
        assertThat(lab.aws.messages(UNDELIVERED))
                .extracting(message -> message.path("MessageBody").asText())
                .containsExactly("no notification", "{}");
    }

    @Test
    void withoutTimeForARequestNoneIsSent() throws Exception {
        planned();
        jobFails();

        assertThat(send(queued(), 1, lab.clock.instant(), Duration.ofSeconds(20)))
                .hasSize(1);

        assertThat(received).isEmpty();
        assertThat(lab.aws.postponed()).isEmpty();
    }

    @Test
    void anAddressInsideTheNetworkIsNotCalled() throws Exception {
        plan("{webhook: \"" + hook() + "\", on: [job, batch]}");
        jobFails();
        webhooks.close();
        webhooks = new Webhooks(false, Clock.systemUTC());

        assertThat(send(queued())).isEmpty();

        assertThat(received).isEmpty();
        assertThat(lab.aws.messages(UNDELIVERED))
                .singleElement()
                .extracting(message ->
                        message.at("/MessageAttributes/why/StringValue").asText())
                .asString()
                .contains("its host localhost is this machine");
    }

    /** A name can lead elsewhere the next time. */
    @Test
    void aNameThatLeadsInsideTheNetworkIsLookedUpAgainLater() throws Exception {
        plan("{webhook: \"https://169.254.169.254/latest\", on: [job]}");
        jobFails();
        webhooks.close();
        webhooks = new Webhooks(false, Clock.systemUTC());

        assertThat(send(queued())).hasSize(1);

        assertThat(lab.aws.postponed()).containsExactly("r-0 5");
    }

    @Test
    void aSecretThatIsNoneIsReadAgainLaterAndNothingIsSentUnsigned() throws Exception {
        planned();
        jobFails();
        lab.aws.secret("hunter2");

        assertThat(send(queued())).hasSize(1);
        assertThat(received).isEmpty();

        lab.aws.secret(SECRET);
        assertThat(send(queued())).isEmpty();
        assertThat(received).hasSize(1);
    }

    @Test
    void aQueueThatCannotBeReachedFailsNoJobAndNoBatch() throws Exception {
        planned();
        lab.aws.broken(true);

        jobFails();
        batchEnds();

        assertThat(parts.jobs().read(new JobKey("weekly", 0)).state()).isEqualTo(JobState.FAILED);
        assertThat(lab.text("batches/weekly/manifest.json")).contains("it broke");
        assertThat(lab.aws.messages(QUEUE)).isEmpty();
    }

    @Test
    void aBatchThatAsksForNothingQueuesNothing() throws Exception {
        plan("{webhook: \"" + hook() + "\"}");
        jobFails();
        assertThat(queued()).isEmpty();

        batchEnds();
        assertThat(queued()).hasSize(1);
    }

    @Test
    void aSecretThatTheStackMayNotReadIsRefusedBeforeAnythingStarts() {
        assertThatThrownBy(() -> plan("{webhook: \"https://hooks.example/in\", secret: env:HOOK}"))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("notify: has the secret env:HOOK")
                .hasMessageContaining("under a name that starts with reelbatch/lab/");
        assertThatThrownBy(() -> plan("{webhook: \"https://hooks.example/in\", secret: database/password}"))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("database/password");
    }
}
