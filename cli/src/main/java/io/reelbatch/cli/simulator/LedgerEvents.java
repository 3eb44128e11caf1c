package io.reelbatch.cli.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.reelbatch.cli.simulator.media.MediaKind;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The journal's lines: one JSON object per event of the ledger. */
final class LedgerEvents {
    /** What a line is about. */
    enum Type {
        SUBMIT,
        NOTICED,
        EXPIRED
    }

    private final JsonMapper json;

    LedgerEvents(JsonMapper json) {
        this.json = json;
    }

    Type type(JsonNode event) {
        return Type.valueOf(event.path("event").asText());
    }

    String id(JsonNode event) {
        return event.path("id").asText();
    }

    Instant at(JsonNode event) {
        return Instant.parse(event.path("at").asText());
    }

    ObjectNode noticed(String id, Instant at) {
        return event(Type.NOTICED, at).put("id", id);
    }

    ObjectNode expired(String id, int version) {
        return json.createObjectNode()
                .put("event", Type.EXPIRED.name())
                .put("id", id)
                .put("version", version);
    }

    ObjectNode submit(Ledger.Submit submit, Optional<Prediction> prediction) {
        ObjectNode event = event(Type.SUBMIT, submit.at())
                .put("sequence", submit.sequence())
                .put("kind", submit.kind().name())
                .put("model", submit.model())
                .put("prompt", submit.prompt())
                .put("status", submit.status());
        submit.fault().ifPresent(fault -> event.put("fault", fault.name()));
        prediction.ifPresent(one -> event.set("prediction", fields(one)));
        return event;
    }

    Ledger.Submit submit(JsonNode event) {
        return new Ledger.Submit(
                event.path("sequence").asLong(),
                at(event),
                MediaKind.valueOf(event.path("kind").asText()),
                event.path("model").asText(),
                event.path("prompt").asText(),
                event.path("status").asInt(),
                event.has("fault")
                        ? Optional.of(Fault.valueOf(event.path("fault").asText()))
                        : Optional.empty(),
                prediction(event).map(Prediction::id));
    }

    Optional<Prediction> prediction(JsonNode event) {
        JsonNode fields = event.path("prediction");
        if (fields.isMissingNode()) {
            return Optional.empty();
        }
        return Optional.of(new Prediction(
                fields.path("id").asText(),
                MediaKind.valueOf(event.path("kind").asText()),
                event.path("model").asText(),
                event.path("prompt").asText(),
                fields.path("body").toString(),
                fields.path("seed").asLong(),
                fields.path("job").asInt(),
                new BigDecimal(fields.path("price").asText()),
                at(event),
                Duration.ofMillis(fields.path("generation_ms").asLong()),
                Prediction.Outcome.valueOf(fields.path("outcome").asText()),
                Instant.parse(fields.path("visible_at").asText()),
                Instant.parse(fields.path("expires_at").asText())));
    }

    private ObjectNode fields(Prediction prediction) {
        ObjectNode fields = json.createObjectNode()
                .put("id", prediction.id())
                .put("seed", prediction.seed())
                .put("job", prediction.job())
                .put("price", prediction.price().toPlainString())
                .put("generation_ms", prediction.generationTime().toMillis())
                .put("outcome", prediction.outcome().name())
                .put("visible_at", prediction.visibleAt().toString())
                .put("expires_at", prediction.expiresAt().toString());
        return fields.putRawValue("body", new RawValue(prediction.body()));
    }

    private ObjectNode event(Type type, Instant at) {
        return json.createObjectNode().put("event", type.name()).put("at", at.toString());
    }
}
