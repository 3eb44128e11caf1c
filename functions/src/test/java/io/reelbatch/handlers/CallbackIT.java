package io.reelbatch.handlers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import io.reelbatch.adapters.aws.Emulators;
import io.reelbatch.adapters.aws.UsesDynamoDbLocal;
import io.reelbatch.domain.job.JobKey;
import io.reelbatch.domain.job.JobState;
import io.reelbatch.domain.json.Json;
import io.reelbatch.domain.store.Fact;
import io.reelbatch.domain.store.FactKey;
import io.reelbatch.domain.webhook.CallbackKey;
import io.reelbatch.domain.webhook.CallbackKey.Target;
import io.reelbatch.handlers.LambdaProcess.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The receiver of callbacks as Lambda runs it, and what it tells Step Functions. */
@UsesDynamoDbLocal
class CallbackIT {
    private static final JobKey JOB = new JobKey("weekly", 0);
    private static final String BODY =
            "{\"status\":\"OK\",\"payload\":{\"status\":\"completed\",\"outputs\":[\"https://a.example/1.png\"]}}";
    /** More than a busy machine needs. */
    private static final Duration PLENTY = Duration.ofMinutes(5);

    private final Emulators emulators;
    private final CallbackKey addresses = new CallbackKey(new byte[CallbackKey.LENGTH]);
    private final KeyPair keys;
    private final HttpServer provider;

    @TempDir
    Path folder;

    private Lab lab;

    CallbackIT(Emulators emulators) throws IOException, GeneralSecurityException {
        this.emulators = emulators;
        keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        provider = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    void open() throws IOException {
        byte[] encoded = keys.getPublic().getEncoded();
        String raw = base64(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
        byte[] jwks = ("{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"k\",\"x\":\"" + raw + "\"}]}")
                .getBytes(StandardCharsets.UTF_8);
        provider.createContext("/api/v1/webhooks/jwks.json", exchange -> {
            exchange.sendResponseHeaders(200, jwks.length);
            exchange.getResponseBody().write(jwks);
            exchange.close();
        });
        provider.start();
        lab = new Lab(emulators, URI.create("http://127.0.0.1:1/api/v1"));
    }

    @AfterEach
    void close() {
        provider.stop(0);
        lab.close();
    }

    private LambdaProcess receiver() throws IOException {
        Map<String, String> variables = new HashMap<>(emulators.environment());
        variables.putAll(lab.aws.environment());
        variables.put("REELBATCH_TABLE", lab.bucket);
        variables.put("REELBATCH_BUCKET", lab.bucket);
        variables.put(
                "ATLASCLOUD_BASE_URL",
                "http://127.0.0.1:" + provider.getAddress().getPort() + "/api/v1");
        return new LambdaProcess(
                "io.reelbatch.handlers.ReceiveWebhook::handleRequest", variables, folder.resolve("receiver.log"));
    }

    private void submitted() throws IOException {
        ObjectNode plan = Json.mapper().createObjectNode().put("batchId", JOB.batchId());
        plan.putObject("config")
                .putArray("jobs")
                .addObject()
                .put("name", "Hero")
                .put("type", "image")
                .put("model", "black-forest-labs/flux-2-pro/text-to-image")
                .put("prompt", "A lighthouse");
        lab.call(new PlanBatch(lab.parts), plan);
        Instant now = Instant.now();
        lab.parts
                .jobs()
                .update(
                        JOB,
                        job -> job.sending(job.plan().price(), now, now.plusSeconds(60))
                                .accepted(1, Optional.of("id-1"), Optional.empty(), now));
        String key = Base64.getEncoder().encodeToString(new byte[CallbackKey.LENGTH]);
        lab.parts
                .store()
                .putFact(Fact.first(FactKey.ofAccount("webhook-key"), Map.of("base64", key), Optional.empty()));
    }

    private void waitsBy(String token) {
        JobStep step = JobStep.takenUp(lab.parts.jobs().read(JOB));
        new AwaitedJobs(lab.parts).keep(new AwaitedJobs.Wait(step, token));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private String event() throws GeneralSecurityException {
        String at = Long.toString(Instant.now().getEpochSecond());
        Signature signer = Signature.getInstance("Ed25519");
        signer.initSign(keys.getPrivate());
        signer.update((at + "." + BODY).getBytes(StandardCharsets.UTF_8));
        ObjectNode event = Json.mapper().createObjectNode().put("body", BODY);
        event.putObject("pathParameters").put("reference", addresses.reference(new Target(JOB, 1)));
        event.putObject("headers")
                .put("x-atlascloud-webhook-timestamp", at)
                .put("x-atlascloud-webhook-key-id", "k")
                .put("x-atlascloud-webhook-signature-ed25519", base64(signer.sign()));
        return event.toString();
    }

    private static void assertTaken(LambdaProcess receiver, Answer answer) throws IOException {
        assertThat(answer.failed()).as(answer.body() + receiver.log()).isFalse();
        JsonNode reply = Json.mapper().readTree(answer.body());
        assertThat(reply.path("statusCode").asInt()).as(answer.body()).isEqualTo(200);
    }

    @Test
    void stepFunctionsIsToldAndThatNobodyWaitsAnyMoreIsNoFailure() throws Exception {
        submitted();
        waitsBy("token-1");
        try (LambdaProcess receiver = receiver()) {
            assertTaken(receiver, receiver.invoke(event(), PLENTY));
            assertThat(lab.parts.jobs().read(JOB).state()).isEqualTo(JobState.GENERATED);
            assertThat(lab.aws.endedTasks()).containsOnlyKeys("token-1");
            assertThat(lab.aws.endedTasks().get("token-1")).contains("\"next\":\"download\"");

            waitsBy("token-2");
            for (String over : List.of("TaskTimedOut", "TaskDoesNotExist", "InvalidToken")) {
                lab.aws.refuseTokens(over);
                assertTaken(receiver, receiver.invoke(event(), PLENTY));
            }
            assertThat(lab.aws.calls())
                    .filteredOn("SendTaskSuccess"::equals)
                    .as("none is tried again")
                    .hasSize(4);
        }
    }
}
