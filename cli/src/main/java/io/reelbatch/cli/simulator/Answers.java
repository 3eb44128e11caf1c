package io.reelbatch.cli.simulator;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.cli.simulator.media.MediaKind;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** The JSON of the answers, in the shapes that the settings ask for. */
final class Answers {
    /** The provider's code for a generation refused by moderation. */
    static final int MODERATION = 1039;

    private final SimulatorSettings settings;
    private final JsonMapper json;

    Answers(SimulatorSettings settings, JsonMapper json) {
        this.settings = settings;
        this.json = json;
    }

    /** An output's URL, and its bytes for answers that inline them. */
    record Output(String url, Supplier<String> dataUri) {}

    ObjectNode submitted(Prediction prediction, String pollUrl) {
        if (tutorial()) {
            return json.createObjectNode().put("request_id", prediction.id());
        }
        ObjectNode data = json.createObjectNode()
                .put("id", prediction.id())
                .put("model", prediction.model())
                .put("status", "created");
        data.putNull("outputs");
        addUrls(data, pollUrl);
        return envelope(200, data);
    }

    ObjectNode running(Prediction prediction, String status, String pollUrl) {
        if (tutorial()) {
            return json.createObjectNode().put("status", status);
        }
        ObjectNode data = data(prediction, status);
        data.putNull("outputs");
        addUrls(data, pollUrl);
        return envelope(200, data);
    }

    ObjectNode failed(Prediction prediction) {
        boolean moderated = prediction.outcome() == Prediction.Outcome.MODERATED;
        String error = moderated
                ? "The content was flagged by the safety system"
                : "The model failed to generate an output, please try again";
        if (tutorial()) {
            return json.createObjectNode().put("status", "failed").put("error", error);
        }
        ObjectNode data = data(prediction, "failed").put("error", error);
        data.putNull("outputs");
        if (moderated) {
            data.put("error_code", MODERATION);
        }
        return envelope(settings.quirks().contains(Quirk.FAILED_WITH_CODE_500) ? 500 : 200, data);
    }

    ObjectNode completed(Prediction prediction, Output output) {
        if (tutorial()) {
            ObjectNode answer = json.createObjectNode().put("status", "completed");
            answer.putObject("output").put(named(prediction.kind()), output.url());
            return answer;
        }
        ObjectNode data = data(prediction, "completed");
        addOutput(data, prediction, output);
        data.putNull("has_nsfw_contents");
        data.put("error", "");
        data.putObject("metrics")
                .put("predict_time", prediction.generationTime().toMillis() / 1000.0);
        data.put("completed_at", text(prediction.readyAt()));
        if (settings.quirks().contains(Quirk.SETTLED_PRICE)) {
            data.put("price", prediction.price().toPlainString());
        }
        return envelope(200, data);
    }

    /** An error in the provider's JSON; its {@code request_id} names the request, not a job. */
    ObjectNode error(int code, String message, long request) {
        ObjectNode answer = json.createObjectNode();
        putCode(answer, code);
        answer.put("msg", message).put("request_id", "req-" + request);
        answer.putNull("data");
        return answer;
    }

    ObjectNode quoted(BigDecimal price) {
        ObjectNode data = json.createObjectNode()
                .put("discount", "100")
                .put("origin_price", price.toPlainString())
                .put("price", price.toPlainString());
        return envelope(200, data);
    }

    ObjectNode uploaded(String type, String url, String filename, int size) {
        ObjectNode data = json.createObjectNode()
                .put("type", type)
                .put("download_url", url)
                .put("filename", filename)
                .put("size", size);
        return envelope(200, data);
    }

    ObjectNode models(Map<String, Price> prices) {
        ObjectNode answer = json.createObjectNode().put("code", "200");
        ArrayNode data = answer.putArray("data");
        prices.forEach((model, price) -> {
            ObjectNode entry = data.addObject()
                    .put("model", model)
                    .put("type", price.perSecond() ? "Video" : "Image")
                    .put("displayName", model);
            entry.putObject("price")
                    .putObject("actual")
                    .put("base_price", price.usd().toPlainString());
        });
        return answer;
    }

    ObjectNode balance(BigDecimal usd) {
        ObjectNode answer = json.createObjectNode();
        answer.putObject("available")
                .put("value", usd.setScale(6, RoundingMode.HALF_UP).toPlainString())
                .put("currency", "usd");
        return answer;
    }

    boolean tutorial() {
        return settings.shape() == ApiShape.TUTORIAL;
    }

    private ObjectNode data(Prediction prediction, String status) {
        return json.createObjectNode()
                .put("id", prediction.id())
                .put("model", prediction.model())
                .put("status", status)
                .put("created_at", text(prediction.acceptedAt()));
    }

    private void addUrls(ObjectNode data, String pollUrl) {
        if (!settings.quirks().contains(Quirk.NO_GET_URL)) {
            data.putObject("urls").put("get", pollUrl);
        }
    }

    private void addOutput(ObjectNode data, Prediction prediction, Output output) {
        String url = output.url();
        boolean inline = settings.outputs() == OutputShape.DATA_URI
                || prediction.body().contains("\"enable_base64_output\":true");
        if (inline) {
            data.putArray("outputs").add(output.dataUri().get());
            return;
        }
        switch (settings.outputs()) {
            case STRING -> data.put("outputs", url);
            case OBJECTS -> data.putArray("outputs").addObject().put("url", url);
            case OUTPUT_STRING -> data.put("output", url);
            case OUTPUT_ARRAY -> data.putArray("output").add(url);
            case OUTPUT_NAMED -> data.putObject("output").put(named(prediction.kind()), url);
            case FILES -> data.putArray("files").addObject().put("url", url);
            default -> data.putArray("outputs").add(url);
        }
    }

    private static String named(MediaKind kind) {
        return kind.name().toLowerCase(Locale.ROOT) + "_url";
    }

    private ObjectNode envelope(int code, ObjectNode data) {
        if (settings.quirks().contains(Quirk.UNWRAPPED) && code == 200) {
            return data;
        }
        ObjectNode answer = json.createObjectNode();
        putCode(answer, code);
        answer.put("message", "");
        answer.set("data", data);
        return answer;
    }

    private void putCode(ObjectNode answer, int code) {
        if (settings.quirks().contains(Quirk.CODE_AS_STRING)) {
            answer.put("code", Integer.toString(code));
        } else {
            answer.put("code", code);
        }
    }

    private static String text(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
