package io.reelbatch.domain.job;

import com.fasterxml.jackson.databind.JsonNode;
import io.reelbatch.domain.plan.InputImage;
import io.reelbatch.domain.plan.PlannedJob;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** Identifies what a job asks for: equal requests with equal inputs have the same hash, in every batch. */
public final class RequestHash {
    /** Changes when the same request would have to get another name. */
    private static final String VERSION = "request-1";

    private RequestHash() {}

    /**
     * The name, 64 hex digits.
     *
     * @param account names the provider's account without telling its key
     */
    public static String of(String account, PlannedJob job) {
        StringBuilder text =
                new StringBuilder(VERSION).append('\n').append(account).append('\n');
        text.append(job.endpoint()).append('\n');
        write(job.requestWith(RequestHash::content), text);
        if (!job.request().has("seed")) {
            // Takes without a seed ask for the same, and want something else each.
            job.variation()
                    .filter(take -> take > 1)
                    .ifPresent(take -> text.append("\nvariation ").append(take));
        }
        try {
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String content(InputImage image) {
        return "sha256:" + image.sha256();
    }

    /** As JSON with sorted keys, and numbers of the same value written the same. */
    private static void write(JsonNode node, StringBuilder text) {
        if (node.isObject()) {
            Map<String, JsonNode> sorted = new TreeMap<>();
            node.properties().forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
            text.append('{');
            sorted.forEach((key, value) -> {
                text.append(key.length()).append(':').append(key).append('=');
                write(value, text);
            });
            text.append('}');
        } else if (node.isArray()) {
            text.append('[');
            node.forEach(item -> {
                write(item, text);
                text.append(',');
            });
            text.append(']');
        } else if (node.isNumber()) {
            text.append('#')
                    .append(node.decimalValue().stripTrailingZeros().toString())
                    .append(';');
        } else {
            String value = node.asText();
            text.append(node.getNodeType()).append(value.length()).append(':').append(value);
        }
    }
}
