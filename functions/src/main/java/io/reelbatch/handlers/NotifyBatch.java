package io.reelbatch.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/** Sends word of a batch whose manifest is written. Whatever becomes of that, the batch has ended as it has. */
public final class NotifyBatch extends StepHandler<ObjectNode, ObjectNode> {
    private final Parts parts;

    public NotifyBatch(Parts parts) {
        super(ObjectNode.class);
        this.parts = parts;
    }

    @Override
    ObjectNode handle(ObjectNode summary, Context context) throws IOException {
        parts.outbox().batchEnded(parts.batch(summary.path("batch_id").asText()), summary);
        return summary;
    }
}
