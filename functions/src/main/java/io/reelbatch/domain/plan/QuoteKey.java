package io.reelbatch.domain.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.domain.json.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import java.util.TreeSet;

/**
 * Identifies the part of a request that its price can depend on: endpoint, model and parameters. Prompts, seeds and the
 * choice of input image are left out, so that a thousand prompts need one quote.
 *
 * @param digest lower-case hex
 */
public record QuoteKey(String digest) {
    private static final Set<String> WITHOUT_PRICE = Set.of("prompt", "negative_prompt", "seed", "webhook_url");

    /** The key of a job's request. */
    public static QuoteKey of(PlannedJob job) {
        return of(job.endpoint(), job.request());
    }

    /** The key of a request to {@code endpoint}. */
    public static QuoteKey of(String endpoint, ObjectNode request) {
        String text = endpoint + "\n" + sorted(parameters(request));
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return new QuoteKey(HexFormat.of().formatHex(digest));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** What of a request counts: everything but words and seeds, with {@code input} in the place of each input file. */
    public static ObjectNode parameters(ObjectNode request) {
        return (ObjectNode) withoutInputs(request.deepCopy().without(WITHOUT_PRICE));
    }

    private static JsonNode withoutInputs(JsonNode node) {
        if (node.isTextual() && isInput(node.textValue())) {
            return JsonNodeFactory.instance.textNode("input");
        }
        if (node instanceof ObjectNode object) {
            object.properties().forEach(field -> field.setValue(withoutInputs(field.getValue())));
        } else if (node.isArray()) {
            var list = Json.mapper().createArrayNode();
            node.forEach(element -> list.add(withoutInputs(element)));
            return list;
        }
        return node;
    }

    private static boolean isInput(String text) {
        return text.matches("(?s)(https?|data|s3|file|object|job):.*");
    }

    /** The order of fields says nothing. */
    private static JsonNode sorted(JsonNode node) {
        if (node instanceof ObjectNode object) {
            ObjectNode copy = Json.mapper().createObjectNode();
            Set<String> names = new TreeSet<>();
            object.fieldNames().forEachRemaining(names::add);
            names.forEach(name -> copy.set(name, sorted(object.get(name))));
            return copy;
        }
        if (node.isArray()) {
            var list = Json.mapper().createArrayNode();
            node.forEach(element -> list.add(sorted(element)));
            return list;
        }
        return node;
    }
}
