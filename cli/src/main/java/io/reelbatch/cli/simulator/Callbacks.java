package io.reelbatch.cli.simulator;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Calls {@code webhook_url} when a job has ended, signed as the provider signs. A thread looks several times a second for
 * what is due, from the first job on that asks for it. What is due after a restart is forgotten: a callback is a promise of
 * nothing.
 */
final class Callbacks implements AutoCloseable {
    private static final int TICK_MILLIS = 10;
    private static final int RAW_KEY = 32;
    private static final String KEY_ID = "simulator-1";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private record Due(Instant at, Prediction prediction, URI to) {}

    private final JsonMapper json;
    private final Clock clock;
    private final Function<Prediction, String> outputUrl;
    private final Function<Occasion, Optional<Fault>> faults;
    private final KeyPair keys;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    private final PriorityQueue<Due> due =
            new PriorityQueue<>((one, other) -> one.at().compareTo(other.at()));
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "simulator-callbacks");
        thread.setDaemon(true);
        return thread;
    });
    private @Nullable ScheduledFuture<?> ticking;

    /**
     * Nothing is due yet.
     *
     * @param clock by which jobs end; signatures are of the system's time, as both ends of a connection have it
     * @param outputUrl where the output of a prediction is served
     */
    Callbacks(
            JsonMapper json,
            Clock clock,
            Function<Prediction, String> outputUrl,
            Function<Occasion, Optional<Fault>> faults) {
        this.json = json;
        this.clock = clock;
        this.outputUrl = outputUrl;
        this.faults = faults;
        try {
            this.keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK from 15 on has Ed25519", e);
        }
    }

    /** The public key, as a JSON Web Key Set. */
    ObjectNode jwks() {
        byte[] encoded = keys.getPublic().getEncoded();
        ObjectNode set = json.createObjectNode();
        set.putArray("keys")
                .addObject()
                .put("kty", "OKP")
                .put("crv", "Ed25519")
                .put("use", "sig")
                .put("kid", KEY_ID)
                .put("x", base64(Arrays.copyOfRange(encoded, encoded.length - RAW_KEY, encoded.length)));
        return set;
    }

    /** Remembers to call back where the request asks for it. */
    synchronized void accepted(JobRequest request, Prediction prediction) {
        String to = request.body().path("webhook_url").asText("");
        if (prediction.outcome() == Prediction.Outcome.ENDLESS || !to.matches("https?://[^\\s{}|\\\\^`\"<>]+")) {
            return;
        }
        due.add(new Due(prediction.readyAt(), prediction, URI.create(to)));
        if (ticking == null) {
            ticking = timer.scheduleWithFixedDelay(this::tick, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private synchronized void tick() {
        Instant now = clock.instant();
        for (Due next = due.peek(); next != null && !next.at().isAfter(now); next = due.peek()) {
            due.remove();
            call(next);
        }
    }

    private void call(Due call) {
        Prediction prediction = call.prediction();
        Optional<Fault> fault = faults.apply(
                new Occasion(Fault.Stage.CALLBACK, prediction.model(), prediction.prompt(), prediction.job(), 0));
        if (fault.equals(Optional.of(Fault.CALLBACK_LOST))) {
            return;
        }
        String body = body(prediction).toString();
        String signed = fault.equals(Optional.of(Fault.CALLBACK_FORGED)) ? body + " " : body;
        HttpRequest request = request(call, body, signed);
        send(request);
        if (fault.equals(Optional.of(Fault.CALLBACK_TWICE))) {
            send(request);
        }
    }

    private void send(HttpRequest request) {
        // Nobody is told whether it arrives: the client has its polls.
        var unused = http.sendAsync(request, BodyHandlers.discarding());
    }

    private HttpRequest request(Due call, String body, String signed) {
        String timestamp = Long.toString(Instant.now().getEpochSecond());
        return HttpRequest.newBuilder(call.to())
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .header("X-AtlasCloud-Webhook-Id", "wh-" + call.prediction().id())
                .header("X-AtlasCloud-Webhook-Timestamp", timestamp)
                .header("X-AtlasCloud-Webhook-Key-Id", KEY_ID)
                .header("X-AtlasCloud-Webhook-Event", event(call.prediction()))
                .header("X-AtlasCloud-Webhook-Signature-Ed25519", signature(timestamp + "." + signed))
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    private ObjectNode body(Prediction prediction) {
        boolean succeeded = prediction.outcome() == Prediction.Outcome.SUCCEEDED;
        ObjectNode body = json.createObjectNode()
                .put("session_id", "session-" + prediction.id())
                .put("event_type", event(prediction))
                .put("status", succeeded ? "OK" : "ERROR");
        ArrayNode outputs = body.putObject("payload")
                .put("status", succeeded ? "completed" : "failed")
                .putArray("outputs");
        if (succeeded) {
            outputs.add(outputUrl.apply(prediction));
            body.putNull("error");
        } else {
            body.put("error", "generation failed");
        }
        return body;
    }

    private static String event(Prediction prediction) {
        return prediction.kind().name().toLowerCase(Locale.ROOT) + ".task.terminal";
    }

    private String signature(String text) {
        try {
            Signature signer = Signature.getInstance("Ed25519");
            signer.initSign(keys.getPrivate());
            signer.update(text.getBytes(StandardCharsets.UTF_8));
            return base64(signer.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK from 15 on has Ed25519", e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
