package io.reelbatch.cli.simulator;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** Calls {@code webhook_url} when a job has ended, signed as the provider signs. */
final class Callbacks {
    private static final int RAW_KEY = 32;
    private static final String KEY_ID = "simulator-1";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final JsonMapper json;
    private final Function<Prediction, String> outputUrl;
    private final Function<Occasion, Optional<Fault>> faults;
    private final KeyPair keys;
    private final Courier courier;

    /**
     * Nothing is due yet. Signatures are of the system's time, as both ends of a connection have it.
     *
     * @param outputUrl where the output of a prediction is served
     */
    Callbacks(
            JsonMapper json,
            Courier courier,
            Function<Prediction, String> outputUrl,
            Function<Occasion, Optional<Fault>> faults) {
        this.json = json;
        this.courier = courier;
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

    /** Has it called back where the request asks for it. */
    void accepted(JobRequest request, Prediction prediction) {
        if (prediction.outcome() != Prediction.Outcome.ENDLESS) {
            address(request.body().path("webhook_url").asText(""))
                    .ifPresent(to -> courier.deliver(prediction.readyAt(), () -> requests(prediction, to)));
        }
    }

    private static Optional<URI> address(String text) {
        try {
            URI url = new URI(text);
            boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            return http && url.getHost() != null ? Optional.of(url) : Optional.empty();
        } catch (URISyntaxException nowhere) {
            return Optional.empty();
        }
    }

    private List<HttpRequest> requests(Prediction prediction, URI to) {
        Optional<Fault> fault = faults.apply(
                new Occasion(Fault.Stage.CALLBACK, prediction.model(), prediction.prompt(), prediction.job(), 0));
        if (fault.equals(Optional.of(Fault.CALLBACK_LOST))) {
            return List.of();
        }
        String body = body(prediction).toString();
        String signed = fault.equals(Optional.of(Fault.CALLBACK_FORGED)) ? body + " " : body;
        HttpRequest request = request(prediction, to, body, signed);
        return fault.equals(Optional.of(Fault.CALLBACK_TWICE)) ? List.of(request, request) : List.of(request);
    }

    private HttpRequest request(Prediction prediction, URI to, String body, String signed) {
        String timestamp = Long.toString(Instant.now().getEpochSecond());
        return HttpRequest.newBuilder(to)
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .header("X-AtlasCloud-Webhook-Id", "wh-" + prediction.id())
                .header("X-AtlasCloud-Webhook-Timestamp", timestamp)
                .header("X-AtlasCloud-Webhook-Key-Id", KEY_ID)
                .header("X-AtlasCloud-Webhook-Event", event(prediction))
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
}
