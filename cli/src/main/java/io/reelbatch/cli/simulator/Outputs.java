package io.reelbatch.cli.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.cli.simulator.media.MediaMaker;
import io.reelbatch.cli.simulator.media.MediaRequest;
import java.util.Base64;

/** The files of predictions, made when they are asked for. */
final class Outputs {
    /** Looks depend on what was asked for alone, so that the same request with the same seed gives the same picture. */
    private static final Draw LOOKS = new Draw(0);

    private final JsonMapper json;
    private final MediaMaker maker = new MediaMaker();

    Outputs(JsonMapper json) {
        this.json = json;
    }

    byte[] bytes(Prediction prediction) {
        return maker.make(request(prediction));
    }

    String dataUri(Prediction prediction) {
        return "data:" + prediction.kind().contentType() + ";base64,"
                + Base64.getEncoder().encodeToString(bytes(prediction));
    }

    private MediaRequest request(Prediction prediction) {
        try {
            JobRequest asked = new JobRequest(prediction.kind(), (ObjectNode) json.readTree(prediction.body()));
            return new MediaRequest(
                    prediction.kind(),
                    prediction.prompt(),
                    prediction.model(),
                    prediction.seed(),
                    LOOKS.number(prediction.model(), prediction.prompt(), prediction.seed()),
                    asked.size().width(),
                    asked.size().height(),
                    asked.duration());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Prediction " + prediction.id() + " has a body that is not JSON", e);
        }
    }
}
