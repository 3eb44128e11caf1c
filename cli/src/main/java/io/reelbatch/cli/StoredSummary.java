package io.reelbatch.cli;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.cli.stack.BatchExecution;
import io.reelbatch.domain.json.Json;
import io.reelbatch.domain.store.BatchFolder;
import io.reelbatch.domain.store.ObjectStore;
import java.io.IOException;
import java.io.InputStream;

/**
 * The result of a deployed batch, read from the start of its manifest and cost report, because an execution that
 * failed, or that Reconcile had to finish, has no output.
 */
record StoredSummary(ObjectStore objects, String batchId) {

    /** Reads it in the shape that BuildManifest answers with. */
    ObjectNode read(BatchExecution ended) throws IOException {
        JsonNode manifest = head("manifest.json", "results");
        JsonNode costs = head("cost-report.json", "jobs");
        ObjectNode summary = Json.mapper().createObjectNode().put("batch_id", batchId);
        for (String field : new String[] {"total_jobs", "successful", "failed", "total_cost", "estimate"}) {
            summary.set(field, manifest.path(field));
        }
        for (String field : new String[] {"charged", "at_risk", "avoided"}) {
            summary.set(field, manifest.path("ledger").path(field));
        }
        int reused = 0;
        for (JsonNode model : costs.path("by_model")) {
            reused += model.path("reused").asInt();
        }
        summary.put("reused", reused);
        for (String field : new String[] {"failures", "halted", "warnings"}) {
            summary.set(field, manifest.path(field));
        }
        summary.set("by_model", costs.path("by_model"));
        return summary.put("sentence", ended.cause().orElse("Every job succeeded."));
    }

    /** The fields before the rows, of which there can be 100,000. */
    private JsonNode head(String path, String rows) throws IOException {
        try (InputStream in = objects.read(new BatchFolder(batchId).visible(path));
                JsonParser json = Json.mapper().createParser(in)) {
            ObjectNode head = Json.mapper().createObjectNode();
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME
                    && !json.currentName().equals(rows)) {
                String field = json.currentName();
                json.nextToken();
                JsonNode value = json.readValueAsTree();
                head.set(field, value);
            }
            return head;
        }
    }
}
