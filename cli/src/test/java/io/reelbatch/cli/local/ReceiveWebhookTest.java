package io.reelbatch.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import io.reelbatch.adapters.provider.Downloader;
import io.reelbatch.adapters.provider.ProviderClient;
import io.reelbatch.adapters.provider.ProviderSettings;
import io.reelbatch.domain.catalog.Catalog;
import io.reelbatch.domain.job.Attempt;
import io.reelbatch.domain.job.AttemptState;
import io.reelbatch.domain.job.BatchSettings.ProviderApi;
import io.reelbatch.domain.job.Failure;
import io.reelbatch.domain.job.JobKey;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.job.JobState;
import io.reelbatch.domain.job.Reason;
import io.reelbatch.domain.json.Json;
import io.reelbatch.domain.pace.Backoff;
import io.reelbatch.domain.provider.ApiKey;
import io.reelbatch.domain.store.Fact;
import io.reelbatch.domain.store.FactKey;
import io.reelbatch.domain.store.Jobs;
import io.reelbatch.domain.webhook.CallbackKey;
import io.reelbatch.domain.webhook.CallbackKey.Target;
import io.reelbatch.handlers.AwaitWebhook;
import io.reelbatch.handlers.CheckJob;
import io.reelbatch.handlers.EventHandlers;
import io.reelbatch.handlers.Parts;
import io.reelbatch.handlers.PlanBatch;
import io.reelbatch.handlers.SubmitJob;
import io.reelbatch.handlers.TaskTokens;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a callback does to a record, whatever state that is in. */
class ReceiveWebhookTest {
    private static final JobKey JOB = new JobKey("b", 0);
    private static final String OK =
            "{\"status\":\"OK\",\"payload\":{\"status\":\"completed\",\"outputs\":[\"https://a.example/1.png\"]}}";
    private static final String FAILED =
            "{\"status\":\"ERROR\",\"payload\":{\"status\":\"failed\",\"outputs\":[]},\"error\":\"no\"}";

    @TempDir
    private Path folder;

    private final KeyPair keys;
    private final HttpServer provider;
    private final ExecutorService providersThreads = Executors.newCachedThreadPool();
    private final CallbackKey addresses = new CallbackKey(new byte[CallbackKey.LENGTH]);
    private final List<String> resumed = new ArrayList<>();
    private final TaskTokens tokens = new TaskTokens() {
        @Override
        public void succeed(String token, String output) {
            resumed.add(token + output);
        }

        @Override
        public void fail(String token, String error, String cause) {
            resumed.add(token + error);
        }
    };
    private SqliteJobStore store;
    private FileObjectStore objects;
    private ProviderClient client;
    private Downloader downloader;
    private Parts parts;
    private RequestStreamHandler receiver;

    ReceiveWebhookTest() throws IOException, GeneralSecurityException {
        keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        provider = HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 0);
    }

    @BeforeEach
    void open() throws IOException {
        byte[] encoded = keys.getPublic().getEncoded();
        byte[] jwks = ("{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"k\",\"x\":\""
                        + base64(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length)) + "\"}]}")
                .getBytes(StandardCharsets.UTF_8);
        provider.createContext("/api/v1/webhooks/jwks.json", exchange -> {
            exchange.sendResponseHeaders(200, jwks.length);
            exchange.getResponseBody().write(jwks);
            exchange.close();
        });
        provider.setExecutor(providersThreads);
        provider.start();
        URI url = URI.create("http://127.0.0.1:" + provider.getAddress().getPort() + "/api/v1");
        client = new ProviderClient(ProviderSettings.of(url, () -> ApiKey.of("key-1"), ProviderApi.ATLAS));
        store = new SqliteJobStore(folder.resolve("jobs.db"), folder.resolve("account.db"));
        objects = new FileObjectStore(folder, "b");
        downloader = new Downloader(Downloader.Settings.of(true));
        parts = parts(Clock.systemUTC());
        receiver = EventHandlers.receiveWebhook(parts, tokens);
        String key = Base64.getEncoder().encodeToString(new byte[CallbackKey.LENGTH]);
        assertThat(store.putFact(Fact.first(FactKey.ofAccount("webhook-key"), Map.of("base64", key), Optional.empty())))
                .isTrue();
        Instant now = Instant.now();
        ObjectNode input = Json.mapper().createObjectNode().put("batchId", "b");
        String job = "{\"type\":\"image\",\"model\":\"" + BatchLab.FLUX + "\",\"prompt\":\"p\",\"name\":\"";
        input.set("config", Json.mapper().readTree("{\"jobs\":[" + job + "a\"}," + job + "b\"}]}"));
        answer(new PlanBatch(parts), input);
        jobs().update(JOB, planned -> planned.sending(new BigDecimal("0.04"), now, now.plusSeconds(60)));
    }

    @AfterEach
    void close() {
        provider.stop(0);
        providersThreads.shutdownNow();
        client.close();
        downloader.close();
        store.close();
        objects.close();
    }

    private Parts parts(Clock clock) {
        return new Parts(
                store,
                objects,
                "local",
                Catalog.shipped(),
                api -> client,
                false,
                downloader,
                new Backoff(new Random(1)),
                clock);
    }

    private Jobs jobs() {
        return new Jobs(store);
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private ObjectNode event(JobKey job, String body) throws GeneralSecurityException {
        String at = Long.toString(Instant.now().getEpochSecond());
        Signature signer = Signature.getInstance("Ed25519");
        signer.initSign(keys.getPrivate());
        signer.update((at + "." + body).getBytes(StandardCharsets.UTF_8));
        ObjectNode event = Json.mapper().createObjectNode().put("body", body);
        event.putObject("headers")
                .put("x-atlascloud-webhook-timestamp", at)
                .put("x-atlascloud-webhook-key-id", "k")
                .put("x-atlascloud-webhook-signature-ed25519", base64(signer.sign()));
        return to(job, event);
    }

    private ObjectNode to(JobKey job, ObjectNode event) {
        event.putObject("pathParameters").put("reference", addresses.reference(new Target(job, 1)));
        return event;
    }

    private int call(JsonNode event) throws IOException {
        return answer(receiver, event).path("statusCode").asInt();
    }

    private static JsonNode answer(RequestStreamHandler handler, JsonNode event) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LocalContext context = new LocalContext("f", "r", Instant.now().plusSeconds(60), Clock.systemUTC());
        handler.handleRequest(
                new ByteArrayInputStream(event.toString().getBytes(StandardCharsets.UTF_8)), out, context);
        return Json.mapper().readTree(out.toByteArray());
    }

    @Test
    void aCallbackBeforeTheSubmitsAnswerIsKeptAndTheAnswerOnlyAddsTheId() throws Exception {
        assertThat(call(event(JOB, OK))).isEqualTo(200);
        assertThat(jobs().read(JOB).state()).isEqualTo(JobState.GENERATED);

        JobRecord late =
                jobs().update(JOB, job -> job.accepted(1, Optional.of("id-1"), Optional.empty(), Instant.now()));
        assertThat(late.state()).isEqualTo(JobState.GENERATED);
        assertThat(late.lastAttempt().state()).isEqualTo(AttemptState.SUCCEEDED);
        assertThat(late.lastAttempt().predictionId()).contains("id-1");
        assertThat(late.outputUrls()).containsExactly("https://a.example/1.png");
    }

    @Test
    void aCallbackSettlesASubmitWhoseAnswerIsLostBeforeOrAfterIt() throws Exception {
        assertThat(call(event(JOB, OK))).isEqualTo(200);
        JobRecord after = jobs().update(JOB, job -> job.lost(1, "lost", Instant.now()));
        assertThat(after.lastAttempt().atRisk()).isZero();
        assertThat(after.lastAttempt().charged()).isEqualByComparingTo("0.04");
        assertThat(after.state()).isEqualTo(JobState.GENERATED);
    }

    @Test
    void aFailureOfAnUnknownSubmitGivesItsPriceBack() throws Exception {
        jobs().update(JOB, job -> job.lost(1, "lost", Instant.now()));

        assertThat(call(event(JOB, FAILED))).isEqualTo(200);
        JobRecord job = jobs().read(JOB);
        assertThat(job.state()).isEqualTo(JobState.PLANNED);
        assertThat(job.committed()).isZero();
    }

    @Test
    void aFailureToldBeforeTheSubmitsAnswerIsPolledForAtOnce() throws Exception {
        assertThat(call(event(JOB, FAILED))).isEqualTo(200);
        assertThat(jobs().read(JOB).state())
                .as("whoever is sending has the last word")
                .isEqualTo(JobState.SUBMITTING);
        jobs().update(JOB, job -> job.accepted(1, Optional.of("id-1"), Optional.empty(), Instant.now()));

        answer(new AwaitWebhook(parts, tokens), waiting("t:"));
        assertThat(resumed).containsExactly("t:CalledBack");
    }

    @Test
    void aFailureToldBeforeTheSubmitsAnswerSettlesItIfThatIsLost() throws Exception {
        assertThat(call(event(JOB, FAILED))).isEqualTo(200);
        Parts later = parts(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(2)))
                .calledBackAt(URI.create("http://127.0.0.1/webhooks"));

        JsonNode step = answer(new SubmitJob(later), waiting("").path("step"));
        assertThat(step.path("next").asText()).isEqualTo("submit");
        JobRecord job = jobs().read(JOB);
        assertThat(job.state()).isEqualTo(JobState.PLANNED);
        assertThat(job.committed()).isZero();
    }

    @Test
    void aFailureOfAnAttemptThatWasGivenUpTakesItsPriceFromTheRiskAndLeavesTheJob() throws Exception {
        jobs().update(JOB, job -> job.accepted(1, Optional.of("id-1"), Optional.empty(), Instant.now()));
        jobs().update(JOB, job -> job.failed(Reason.WAIT_EXPIRED, "late", Instant.now()));

        assertThat(call(event(JOB, FAILED))).isEqualTo(200);
        JobRecord job = jobs().read(JOB);
        assertThat(job.state()).isEqualTo(JobState.FAILED);
        assertThat(job.failure().orElseThrow().reason()).isEqualTo(Reason.WAIT_EXPIRED);
        assertThat(job.committed()).isZero();
    }

    @Test
    void whatIsUnclearWakesTheJobAndLeavesTheLedgerAlone() throws Exception {
        String unclear = OK.replace("\"https://a.example/1.png\"", "");
        jobs().update(JOB, job -> job.lost(1, "lost", Instant.now()));
        assertThat(call(event(JOB, unclear))).isEqualTo(200);
        assertThat(jobs().read(JOB).state()).isEqualTo(JobState.UNKNOWN);
        assertThat(jobs().read(JOB).lastAttempt().atRisk()).isEqualByComparingTo("0.04");

        jobs().update(JOB, job -> job.accepted(1, Optional.of("id-1"), Optional.empty(), Instant.now()));
        answer(new AwaitWebhook(parts, tokens), waiting("t:"));
        assertThat(call(event(JOB, unclear))).isEqualTo(200);
        assertThat(resumed).containsExactly("t:CalledBack");
        assertThat(jobs().read(JOB).state()).isEqualTo(JobState.SUBMITTED);
    }

    @Test
    void aFailureOfAnAttemptThatNobodyPollsAnyMoreGivesItsPriceBack() throws Exception {
        Instant now = Instant.now();
        jobs().update(JOB, job -> job.lost(1, "lost", now));
        jobs().update(JOB, job -> job.sending(new BigDecimal("0.04"), now, now.plusSeconds(60)));
        jobs().update(JOB, job -> job.generated(2, List.of("https://a.example/2.png"), Optional.empty(), now));
        jobs().update(JOB, job -> job.accepted(1, Optional.of("id-1"), Optional.empty(), now));
        assertThat(jobs().read(JOB).attempt(1).orElseThrow().state()).isEqualTo(AttemptState.ACCEPTED);

        assertThat(call(event(JOB, FAILED))).isEqualTo(200);
        JobRecord job = jobs().read(JOB);
        assertThat(job.state()).isEqualTo(JobState.GENERATED);
        assertThat(job.committed()).isEqualByComparingTo("0.04");
    }

    @Test
    void whatTheSubmitIsAnsweredAfterTheCallbackTakesNothingBack() throws Exception {
        assertThat(call(event(JOB, OK))).isEqualTo(200);
        jobs().update(JOB, job -> job.refused(1, "HTTP 500", Instant.now()));
        JobRecord job = jobs().update(JOB, latest -> latest.putOff(1));
        assertThat(job.state()).isEqualTo(JobState.GENERATED);
        assertThat(job.lastAttempt().charged()).isEqualByComparingTo("0.04");
    }

    @Test
    void tokensAreForgottenSomeTimeAfterTheirWait() throws Exception {
        Instant begin = Instant.now();
        answer(new AwaitWebhook(parts, tokens), waiting("t:"));

        Fact kept = store.fact(new FactKey("b", "awaits/0")).orElseThrow();
        assertThat(kept.expiresAt().orElseThrow())
                .isBetween(begin.plus(Duration.ofHours(12)), begin.plus(Duration.ofDays(2)));
    }

    private static ObjectNode waiting(String token) {
        ObjectNode waiting = Json.mapper().createObjectNode().put("taskToken", token);
        waiting.putObject("step").put("batchId", "b").put("job", 0);
        return waiting;
    }

    @Test
    void whoeverWaitsIsWokenWhicheverComesFirst() throws Exception {
        AwaitWebhook await = new AwaitWebhook(parts, tokens);
        jobs().update(JOB, job -> job.accepted(1, Optional.of("id-1"), Optional.empty(), Instant.now()));
        answer(await, waiting("early:"));
        assertThat(resumed).isEmpty();

        assertThat(call(event(JOB, OK))).isEqualTo(200);
        answer(await, waiting("late:"));

        assertThat(resumed).hasSize(2).allSatisfy(output -> assertThat(output).contains("\"next\":\"download\""));
    }

    @Test
    void whatIsForgedOrReplayedForAnotherJobChangesNothing() throws Exception {
        ObjectNode good = event(JOB, OK);
        ObjectNode forged = good.deepCopy().put("body", OK.replace("1.png", "2.png"));
        ObjectNode elsewhere = good.deepCopy();
        elsewhere.withObject("/pathParameters").put("reference", "b.0.1." + "A".repeat(43));

        assertThat(call(forged)).isEqualTo(401);
        assertThat(call(elsewhere)).isEqualTo(404);
        assertThat(jobs().read(JOB).state()).isEqualTo(JobState.SUBMITTING);

        assertThat(call(good)).isEqualTo(200);
        long version = jobs().read(JOB).version();
        assertThat(call(good)).isEqualTo(200);
        assertThat(jobs().read(JOB).version()).isEqualTo(version);
        assertThat(call(to(new JobKey("b", 1), good))).isEqualTo(401);
        String header = "x-atlascloud-webhook-signature-ed25519";
        String padded = good.path("headers").path(header).asText() + "==";
        good.withObject("/headers").put(header, padded);
        assertThat(call(to(JOB, good)))
                .as("the same signature, written otherwise")
                .isEqualTo(200);
        assertThat(call(to(new JobKey("b", 1), good))).isEqualTo(401);
    }

    /** The provider calls back while it is asked how a generation stands, and then answers that. */
    private void calledBackDuringThePoll(String status) {
        provider.createContext("/api/v1/model/prediction/", exchange -> {
            try {
                assertThat(call(event(JOB, OK))).isEqualTo(200);
            } catch (GeneralSecurityException e) {
                throw new IOException(e);
            }
            byte[] body = ("{\"code\":200,\"data\":{\"status\":\"" + status + "\",\"error\":\"\"}}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }

    private Parts partsAfter(Duration time) {
        return parts(Clock.offset(Clock.systemUTC(), time)).calledBackAt(URI.create("http://127.0.0.1/webhooks"));
    }

    @Test
    void theLastPollDoesNotFailAJobThatWasCalledBackMeanwhile() throws Exception {
        jobs().update(JOB, job -> job.accepted(1, Optional.of("id-1"), Optional.empty(), Instant.now()));
        calledBackDuringThePoll("processing");

        JsonNode step = answer(
                new CheckJob(partsAfter(Duration.ofHours(1))), waiting("").path("step"));
        assertThat(step.path("next").asText()).isEqualTo("download");
        assertThat(jobs().read(JOB).state()).isEqualTo(JobState.GENERATED);
    }

    @Test
    void aPollThatTellsOfAFailureKeepsTheOutputOfAnEarlierAttempt() throws Exception {
        Instant now = Instant.now();
        jobs().update(
                        JOB,
                        job -> job.lost(1, "lost", now)
                                .sending(new BigDecimal("0.04"), now, now.plusSeconds(60))
                                .accepted(2, Optional.of("id-2"), Optional.empty(), now));
        calledBackDuringThePoll("failed");

        JsonNode step = answer(new CheckJob(parts), waiting("").path("step"));
        assertThat(step.path("next").asText()).isEqualTo("download");
        JobRecord job = jobs().read(JOB);
        assertThat(job.state()).isEqualTo(JobState.GENERATED);
        assertThat(job.attempts())
                .extracting(Attempt::state)
                .containsExactly(AttemptState.SUCCEEDED, AttemptState.FAILED);
        assertThat(job.committed()).isEqualByComparingTo("0.04");
    }

    @Test
    void aLossThatIsNoticedLateStillWaitsForItsCallback() throws Exception {
        JsonNode step = answer(
                new SubmitJob(partsAfter(Duration.ofMinutes(2))), waiting("").path("step"));

        assertThat(step.path("next").asText()).isEqualTo("callback");
        assertThat(step.path("waitSeconds").asInt()).isEqualTo(30);
    }

    @Test
    void theQueueTimeOfALostSubmitBeginsAfterItsWaitAndEndsAllTheSame() throws Exception {
        jobs().update(JOB, job -> job.lost(1, "lost", Instant.now()));
        answer(new CheckJob(partsAfter(Duration.ofHours(2))), waiting("").path("step"));
        assertThat(jobs().read(JOB).queuedSince().orElseThrow())
                .isAfter(Instant.now().plus(Duration.ofMinutes(90)));

        answer(new SubmitJob(partsAfter(Duration.ofHours(4))), waiting("").path("step"));
        Failure failure = jobs().read(JOB).failure().orElseThrow();
        assertThat(failure.reason()).isEqualTo(Reason.UNKNOWN_SUBMIT);
        assertThat(failure.message()).contains("may have been accepted and charged", "max_queue_wait");
    }
}
