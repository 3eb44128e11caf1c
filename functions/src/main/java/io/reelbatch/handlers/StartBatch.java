package io.reelbatch.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.adapters.aws.Executions;
import io.reelbatch.domain.config.ConfigReader;
import io.reelbatch.domain.config.InvalidConfigException;
import io.reelbatch.domain.json.Json;
import io.reelbatch.errors.StoreException;
import io.reelbatch.handlers.BatchStarter.Started;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts a batch on an upload to {@code configs/}, a schedule, a queue's message or an API request. The batch is named
 * after what identifies the event, so an event that is delivered twice starts one batch. A bad config does not fail
 * this function, since AWS would only invoke it again: its problems are written under {@code config-errors/} or
 * returned to the caller.
 */
public final class StartBatch extends EventHandler {
    private static final Logger LOG = LoggerFactory.getLogger(StartBatch.class);
    private static final String CONFIGS = "configs/";

    private final Parts parts;
    private final Supplier<Executions> executions;
    private final VersionedObjects versions;
    private final BatchStarter starter;
    private final OrderReader orders;
    private final ConfigErrors errors;
    private final Supplier<String> randomId;

    /** Reads one version of an object. */
    @FunctionalInterface
    interface VersionedObjects {
        InputStream read(String key, String versionId) throws IOException;
    }

    /** For Lambda: by the environment variables, of which a missing one is an {@link IllegalStateException}. */
    public StartBatch() {
        this(Deployment.here());
    }

    private StartBatch(Deployment deployment) {
        this(
                deployment.parts(),
                deployment.executions(),
                deployment.versions(),
                () -> UUID.randomUUID().toString());
        prepareSnapshot(Snapshot.objects(parts), Snapshot.planning(parts), Snapshot.executions(executions));
    }

    StartBatch(Parts parts, Supplier<Executions> executions, VersionedObjects versions, Supplier<String> randomId) {
        this.parts = parts;
        this.executions = executions;
        this.versions = versions;
        this.starter = new BatchStarter(parts, executions);
        this.orders = new OrderReader(parts);
        this.errors = new ConfigErrors(parts);
        this.randomId = randomId;
    }

    @Override
    JsonNode handle(JsonNode event, Context context) throws IOException {
        if (event.path("Records").isArray()) {
            return queue(event.path("Records"));
        } else if (event.path("requestContext").has("http")) {
            return request(event);
        } else if (event.path("source").asText().equals("aws.s3")) {
            return uploaded(event.path("detail"));
        } else if (event.has("schedule") && event instanceof ObjectNode schedule) {
            return scheduled(schedule);
        }
        throw new IllegalArgumentException(
                "This event is no way to start a batch: it is no upload, no message, no request, and has"
                        + " no `schedule`.");
    }

    private JsonNode uploaded(JsonNode detail) throws IOException {
        String key = detail.at("/object/key").asText();
        if (!key.matches("configs/.+\\.(yaml|yml|json)")) {
            LOG.atInfo().setMessage("no config").addKeyValue("key", key).log();
            return Json.mapper().createObjectNode().put("ignored", key);
        }
        String name = key.substring(CONFIGS.length());
        Optional<String> version =
                Optional.ofNullable(detail.at("/object/version-id").textValue());
        String identity = version.orElse(detail.at("/object/sequencer").asText());
        byte[] config;
        try (InputStream in = version.isPresent()
                ? versions.read(key, version.get())
                : parts.objects().read(key)) {
            config = in.readNBytes(ConfigReader.MAX_BYTES + 1);
        } catch (NoSuchFileException e) {
            LOG.atWarn()
                    .setMessage("the config was removed before it was read")
                    .addKeyValue("key", key)
                    .log();
            return Json.mapper().createObjectNode().put("ignored", key);
        }
        return unattended(name, () -> Order.of(BatchNames.of(stem(name), "s3", key, identity), fileName(name), config));
    }

    private JsonNode scheduled(ObjectNode event) throws IOException {
        String schedule = event.path("schedule").asText();
        String time = event.path("scheduledTime").asText();
        if (time.isEmpty()) {
            throw new IllegalArgumentException("The schedule's input has no `scheduledTime`: give it"
                    + " \"<aws.scheduler.scheduled-time>\", by which a repeated call is known.");
        }
        String name = fileName(schedule);
        ObjectNode order = event.deepCopy();
        order.remove("schedule");
        order.remove("scheduledTime");
        String stamp = time.replaceAll("[^0-9TZ]", "");
        return unattended(
                "schedules/" + name,
                () -> orders.read(BatchNames.of(name + "-" + stamp, "schedule", schedule, time), name, order));
    }

    /** What starts a batch, read only where a bad one is written down. */
    @FunctionalInterface
    private interface Ordering {
        Order read() throws IOException;
    }

    /** Nobody waits for the answer. */
    private JsonNode unattended(String name, Ordering ordering) throws IOException {
        try {
            Started started = starter.start(ordering.read());
            errors.clear(name);
            return answer(started);
        } catch (InvalidConfigException e) {
            errors.write(name, e);
            return Json.mapper().createObjectNode().put("refused", name);
        }
    }

    private JsonNode queue(JsonNode records) {
        ObjectNode answer = Json.mapper().createObjectNode();
        ArrayNode failures = answer.putArray("batchItemFailures");
        for (JsonNode message : records) {
            String id = message.path("messageId").asText();
            try {
                String batchId = BatchNames.of(
                        "queue", "sqs", message.path("eventSourceARN").asText(), id);
                unattended(
                        "queue/" + id,
                        () -> orders.read(
                                batchId, "message " + id, message.path("body").asText()));
            } catch (IOException | StoreException e) {
                LOG.atError()
                        .setMessage("a message could not be handled, it comes again")
                        .addKeyValue("message_id", id)
                        .setCause(e)
                        .log();
                failures.addObject().put("itemIdentifier", id);
            }
        }
        return answer;
    }

    private JsonNode request(JsonNode event) throws IOException {
        String key = event.at("/headers/idempotency-key").asText("");
        String batchId = BatchNames.of("api", "api", key.isBlank() ? randomId.get() : key);
        try {
            Started started = starter.start(orders.read(batchId, "body", body(event)));
            return started.sameConfig()
                    ? HttpReply.of(202, answer(started))
                    : HttpReply.error(
                            409,
                            "idempotency_key_reused",
                            "This Idempotency-Key has started batch " + batchId
                                    + " with another config. Use a new key.");
        } catch (InvalidConfigException e) {
            parts.metrics().configRefused();
            ObjectNode body = Json.mapper().createObjectNode().put("error", "invalid_config");
            body.set("problems", Json.mapper().valueToTree(e.problems()));
            return HttpReply.of(400, body);
        }
    }

    private static String body(JsonNode event) {
        String body = event.path("body").asText("");
        return event.path("isBase64Encoded").asBoolean()
                ? new String(Base64.getDecoder().decode(body), StandardCharsets.UTF_8)
                : body;
    }

    private static ObjectNode answer(Started started) {
        return Json.mapper()
                .createObjectNode()
                .put("batchId", started.batchId())
                .put("executionArn", started.executionArn());
    }

    private static String fileName(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static String stem(String path) {
        return fileName(path).replaceFirst("\\.[^.]*$", "");
    }
}
