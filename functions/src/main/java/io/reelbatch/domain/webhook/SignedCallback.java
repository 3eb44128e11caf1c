package io.reelbatch.domain.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * A callback as it came, not to be believed before it is verified.
 *
 * @param timestamp seconds since 1970, as sent
 * @param keyId names the provider's key
 * @param signature base64url of Ed25519 over timestamp, a dot, and the body
 * @param body as sent, byte for byte
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record SignedCallback(String timestamp, String keyId, String signature, byte[] body) {
    /** How far its time may be from ours. */
    public static final Duration WINDOW = Duration.ofMinutes(5);

    private static final int MAX_DIGITS = 12;

    /** Why it is not to be believed; empty if it is. */
    public Optional<String> objection(Optional<PublicKey> key, Instant now) {
        if (!isTimely(now)) {
            return Optional.of("its timestamp is missing or further from now than " + WINDOW.toSeconds() + " s");
        }
        if (key.isEmpty()) {
            return Optional.of("its key is not one of the provider's");
        }
        return verifies(key.get()) ? Optional.empty() : Optional.of("its signature does not fit");
    }

    /** What the signature is over. */
    public byte[] signed() {
        byte[] start = (timestamp + ".").getBytes(StandardCharsets.UTF_8);
        byte[] all = Arrays.copyOf(start, start.length + body.length);
        System.arraycopy(body, 0, all, start.length, body.length);
        return all;
    }

    private boolean isTimely(Instant now) {
        if (!timestamp.matches("\\d{1," + MAX_DIGITS + "}")) {
            return false;
        }
        Instant sent = Instant.ofEpochSecond(Long.parseLong(timestamp));
        return Duration.between(sent, now).abs().compareTo(WINDOW) <= 0;
    }

    private boolean verifies(PublicKey key) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(signature);
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(key);
            verifier.update(signed());
            return verifier.verify(bytes);
        } catch (IllegalArgumentException | GeneralSecurityException noSignature) {
            return false;
        }
    }
}
