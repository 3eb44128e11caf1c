package io.reelbatch.domain.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.reelbatch.domain.job.JobKey;
import io.reelbatch.domain.json.Json;
import io.reelbatch.domain.webhook.CallbackKey.Target;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SignedCallbackTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_760_000_000);
    private static final String BODY =
            "{\"status\":\"OK\",\"payload\":{\"status\":\"completed\",\"outputs\":[\"https://a/b\"]}}";

    private final KeyPair pair;

    SignedCallbackTest() throws Exception {
        pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    }

    private SignedCallback signed(long at, String body) throws Exception {
        Signature signer = Signature.getInstance("Ed25519");
        signer.initSign(pair.getPrivate());
        signer.update((at + "." + body).getBytes(StandardCharsets.UTF_8));
        String signature = Base64.getUrlEncoder().withoutPadding().encodeToString(signer.sign());
        return new SignedCallback(Long.toString(at), "k1", signature, body.getBytes(StandardCharsets.UTF_8));
    }

    private Optional<PublicKey> publishedKey() throws Exception {
        byte[] encoded = pair.getPublic().getEncoded();
        String x = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
        JsonNode jwks = Json.mapper()
                .readTree(
                        "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"k0\"},{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"k1\",\"x\":\""
                                + x + "\"}]}");
        return KeySet.read(jwks).orElseThrow().key("k1");
    }

    @Test
    void whatThePublishedKeySignedIsBelievedWithin300Seconds() throws Exception {
        SignedCallback callback = signed(NOW.getEpochSecond(), BODY);
        Optional<PublicKey> key = publishedKey();
        assertThat(callback.objection(key, NOW)).isEmpty();
        assertThat(callback.objection(key, NOW.plusSeconds(300))).isEmpty();
        assertThat(callback.objection(key, NOW.minusSeconds(300))).isEmpty();
        assertThat(callback.objection(key, NOW.plusSeconds(301)))
                .hasValueSatisfying(why -> assertThat(why).contains("timestamp"));
        assertThat(callback.objection(key, NOW.minusSeconds(301))).isPresent();
    }

    @Test
    void anotherBodyTimeKeyOrSignatureIsNotBelieved() throws Exception {
        SignedCallback good = signed(NOW.getEpochSecond(), BODY);
        Optional<PublicKey> key = publishedKey();
        byte[] other = BODY.replace("/b", "/c").getBytes(StandardCharsets.UTF_8);
        String later = Long.toString(NOW.getEpochSecond() + 1);
        assertThat(new SignedCallback(good.timestamp(), "k1", good.signature(), other).objection(key, NOW))
                .isPresent();
        assertThat(new SignedCallback(later, "k1", good.signature(), good.body()).objection(key, NOW))
                .isPresent();
        assertThat(new SignedCallback(good.timestamp(), "k1", "%%%", good.body()).objection(key, NOW))
                .isPresent();
        assertThat(new SignedCallback("", "k1", good.signature(), good.body()).objection(key, NOW))
                .isPresent();
        assertThat(good.objection(Optional.empty(), NOW))
                .hasValueSatisfying(why -> assertThat(why).contains("key"));
    }

    @Test
    void anAddressIsKnownAgainAndNoOtherIs() {
        CallbackKey key = new CallbackKey(new byte[CallbackKey.LENGTH]);
        Target target = new Target(new JobKey("weekly.2026-1", 7), 2);
        String reference = key.reference(target);
        assertThat(reference).matches("[A-Za-z0-9._-]+");
        assertThat(key.target(reference)).contains(target);
        assertThat(key.target(reference.replace(".7.2.", ".8.2."))).isEmpty();
        assertThat(key.target(reference.replace(".7.2.", ".7.3."))).isEmpty();
        assertThat(key.target(reference.replace(".7.2.", ".07.2."))).isEmpty();
        assertThat(key.target("x")).isEmpty();
        byte[] another = new byte[CallbackKey.LENGTH];
        another[0] = 1;
        assertThat(new CallbackKey(another).target(reference)).isEmpty();
    }
}
