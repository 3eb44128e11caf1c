package io.reelbatch.domain.notify;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs webhooks by the Standard Webhooks convention. The key itself is never handed out. */
public final class SigningSecret {
    private static final String PREFIX = "whsec_";
    private static final String HMAC = "HmacSHA256";
    private static final int SHORTEST = 24;
    private static final int LONGEST = 64;

    private final byte[] key;

    private SigningSecret(byte[] key) {
        this.key = Arrays.copyOf(key, key.length);
    }

    /**
     * A secret as receivers know it: {@code whsec_} and the base64 of 24 to 64 bytes.
     *
     * @throws IllegalArgumentException if it is none; the message does not quote it
     */
    public static SigningSecret of(String text) {
        String base64 = text.strip();
        base64 = base64.startsWith(PREFIX) ? base64.substring(PREFIX.length()) : base64;
        byte[] key = decode(base64);
        if (key.length < SHORTEST || key.length > LONGEST) {
            throw new IllegalArgumentException("it must be whsec_ and the base64 of 24 to 64 random bytes");
        }
        return new SigningSecret(key);
    }

    private static byte[] decode(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException notBase64) {
            return new byte[0];
        }
    }

    /** The header {@code webhook-signature} of a message. */
    public String sign(String id, Instant at, String body) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            byte[] digest = mac.doFinal((id + "." + at.getEpochSecond() + "." + body).getBytes(StandardCharsets.UTF_8));
            return "v1," + Base64.getEncoder().encodeToString(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + HMAC, e);
        }
    }

    /** Masked. */
    @Override
    public String toString() {
        return "SigningSecret[***]";
    }
}
