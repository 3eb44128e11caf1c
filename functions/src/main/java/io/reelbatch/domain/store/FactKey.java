package io.reelbatch.domain.store;

import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;

/**
 * Names a {@link Fact}.
 *
 * @param scope a batch id, or {@link #ACCOUNT}
 * @param name what it is within the scope: 1 to 512 bytes of UTF-8, any characters
 */
public record FactKey(String scope, String name) {
    /** The scope of what all batches of a stack, or of a user of this machine, share. */
    public static final String ACCOUNT = "account";

    private static final int MAX_BYTES = 512;

    /** @throws IllegalArgumentException if scope or name is empty, too long, or has half of a surrogate pair */
    public FactKey {
        check("scope", scope);
        check("name", name);
    }

    /** A fact that all batches share. */
    public static FactKey ofAccount(String name) {
        return new FactKey(ACCOUNT, name);
    }

    /** Whether all batches share it. */
    public boolean isOfAccount() {
        return scope.equals(ACCOUNT);
    }

    private static void check(String what, String text) {
        CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();
        if (text.isEmpty() || !encoder.canEncode(text) || text.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw new IllegalArgumentException("the " + what + " \"" + text + "\" of a fact is empty, longer than "
                    + MAX_BYTES + " bytes, or has half of a surrogate pair");
        }
    }

    @Override
    public String toString() {
        return scope + "/" + name;
    }
}
