package io.reelbatch.handlers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.domain.config.ConfigProblem;
import io.reelbatch.domain.config.ConfigReader;
import io.reelbatch.domain.config.InvalidConfigException;
import io.reelbatch.domain.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads what a message, a request or a schedule asks for: the config itself, YAML or JSON, or a JSON object with
 * {@code config} or {@code configUri} and, if they are to replace what the config says, {@code outputDir} and {@code budget}.
 */
final class OrderReader {
    private static final Set<String> FIELDS = Set.of("config", "configUri", "outputDir", "budget");

    private final Parts parts;

    OrderReader(Parts parts) {
        this.parts = parts;
    }

    /** @throws InvalidConfigException if it is none of these, or names a config that is not there */
    Order read(String batchId, String fileName, String text) throws IOException {
        Optional<ObjectNode> order = envelope(text);
        return order.isPresent()
                ? read(batchId, fileName, order.get())
                : Order.of(batchId, fileName, text.getBytes(StandardCharsets.UTF_8));
    }

    /** The same of an object that is known to be no config. */
    Order read(String batchId, String fileName, ObjectNode order) throws IOException {
        for (Map.Entry<String, JsonNode> field : order.properties()) {
            if (!FIELDS.contains(field.getKey())) {
                throw problem(
                        fileName, field.getKey(), "is not known here; there are config, configUri, outputDir, budget");
            }
        }
        JsonNode config = order.path("config");
        Optional<String> uri = Optional.ofNullable(order.path("configUri").textValue());
        if (config.isObject() == uri.isPresent()) {
            throw problem(
                    fileName, "config", "or configUri must be there, and not both: the config, or s3://bucket/key");
        }
        String name = uri.map(OrderReader::lastPart).orElse(fileName);
        byte[] content =
                uri.isPresent() ? object(fileName, uri.get()) : Json.mapper().writeValueAsBytes(config);
        return new Order(
                batchId,
                name,
                content,
                Optional.ofNullable(order.path("outputDir").textValue()),
                budget(fileName, order.path("budget")));
    }

    private static Optional<ObjectNode> envelope(String text) {
        if (!text.stripLeading().startsWith("{")) {
            return Optional.empty();
        }
        try {
            return Json.mapper().readTree(text) instanceof ObjectNode object
                            && (object.has("config") || object.has("configUri"))
                    ? Optional.of(object)
                    : Optional.empty();
        } catch (JsonProcessingException e) {
            // Then it is a config with a mistake in it, and its reader says where.
            return Optional.empty();
        }
    }

    private static Optional<BigDecimal> budget(String fileName, JsonNode budget) {
        if (budget.isMissingNode() || budget.isNull()) {
            return Optional.empty();
        }
        if (!budget.isNumber() || budget.decimalValue().signum() <= 0) {
            throw problem(fileName, "budget", "must be a number above 0, USD");
        }
        return Optional.of(budget.decimalValue());
    }

    private byte[] object(String fileName, String uri) throws IOException {
        String ours = "s3://" + parts.bucket() + "/";
        if (!uri.startsWith(ours)) {
            throw problem(fileName, "configUri", "is " + uri + ": it must lie in this stack's bucket, " + ours + "...");
        }
        try (InputStream in = parts.objects().read(uri.substring(ours.length()))) {
            return in.readNBytes(ConfigReader.MAX_BYTES + 1);
        } catch (NoSuchFileException | IllegalArgumentException e) {
            throw problem(fileName, "configUri", "names an object that is not there: " + uri);
        }
    }

    private static String lastPart(String uri) {
        return uri.substring(uri.lastIndexOf('/') + 1);
    }

    private static InvalidConfigException problem(String fileName, String field, String message) {
        return new InvalidConfigException(
                List.of(new ConfigProblem(fileName, Optional.empty(), Optional.empty(), Optional.of(field), message)),
                Optional.empty());
    }
}
