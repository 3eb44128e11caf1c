package io.reelbatch.handlers;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Names batches, and with them their executions. The same event always yields the same name, so a repeated event starts
 * nothing twice. A name has at most 59 letters, digits, dashes and underscores; with the suffix of a retry it stays
 * below the 80 characters that an execution's name may have.
 */
final class BatchNames {
    private static final int MOST_READABLE = 42;
    private static final int HASH_LETTERS = 16;

    private BatchNames() {}

    /**
     * A name.
     *
     * @param readable for people: what is not a letter, digit or dash in it becomes a dash
     * @param identity what tells this event from every other
     */
    static String of(String readable, String... identity) {
        String words = readable.replaceAll("[^A-Za-z0-9]+", "-").replaceAll("^-|-$", "");
        String shown = words.substring(0, Math.min(words.length(), MOST_READABLE));
        return (shown.isEmpty() ? "batch" : shown) + "-" + hash(String.join("\n", identity));
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, HASH_LETTERS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
