package io.reelbatch.domain.webhook;

import io.reelbatch.domain.job.JobKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes callback addresses and recognises them again. The key itself is never handed out. */
public final class CallbackKey {
    /** Bytes of a key. */
    public static final int LENGTH = 32;

    private static final String HMAC = "HmacSHA256";
    private static final Pattern REFERENCE = Pattern.compile("(.+)\\.(\\d{1,9})\\.(\\d{1,9})\\.([A-Za-z0-9_-]{43})");

    private final byte[] key;

    /** @throws IllegalArgumentException if the key is not of that length */
    public CallbackKey(byte[] key) {
        if (key.length != LENGTH) {
            throw new IllegalArgumentException("a callback key has " + LENGTH + " bytes, not " + key.length);
        }
        this.key = key.clone();
    }

    /**
     * One attempt of one job.
     *
     * @param number of the attempt, from 1
     */
    public record Target(JobKey job, int number) {}

    /** The last part of the address for an attempt: batch, job, attempt and their HMAC, with dots between. */
    public String reference(Target target) {
        String text = target.job().batchId() + "." + target.job().index() + "." + target.number();
        return text + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(digest(text));
    }

    /** Whose address it is; empty if this key did not make it. */
    public Optional<Target> target(String reference) {
        Matcher matcher = REFERENCE.matcher(reference);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        JobKey job = new JobKey(matcher.group(1), Integer.parseInt(matcher.group(2)));
        Target target = new Target(job, Integer.parseInt(matcher.group(3)));
        boolean genuine = MessageDigest.isEqual(
                reference(target).getBytes(StandardCharsets.UTF_8), reference.getBytes(StandardCharsets.UTF_8));
        return genuine ? Optional.of(target) : Optional.empty();
    }

    private byte[] digest(String text) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + HMAC, e);
        }
    }

    /** Masked. */
    @Override
    public String toString() {
        return "CallbackKey[***]";
    }
}
