package io.reelbatch.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.adapters.aws.Executions;
import io.reelbatch.adapters.aws.Executions.Known;
import io.reelbatch.domain.job.Attempt;
import io.reelbatch.domain.job.BatchRecord;
import io.reelbatch.domain.job.BatchRecord.BatchState;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.job.JobState;
import io.reelbatch.domain.json.Json;
import io.reelbatch.domain.store.BatchFolder;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Returns the state of a batch: {@code GET /batches/{id}}. */
public final class GetBatch extends EventHandler {
    private final Parts parts;
    private final Supplier<Executions> executions;

    /** For Lambda: by the environment variables, of which a missing one is an {@link IllegalStateException}. */
    public GetBatch() {
        this(Deployment.here());
    }

    private GetBatch(Deployment deployment) {
        this(deployment.parts(), deployment.executions());
        prepareSnapshot(Snapshot.records(parts), Snapshot.executions(executions));
    }

    GetBatch(Parts parts, Supplier<Executions> executions) {
        this.parts = parts;
        this.executions = executions;
    }

    @Override
    JsonNode handle(JsonNode event, Context context) throws IOException {
        String id = event.at("/pathParameters/id").asText("");
        Optional<BatchRecord> batch =
                id.isEmpty() ? Optional.empty() : parts.store().batch(id);
        Optional<Known> execution = id.matches("[A-Za-z0-9_-]{1,80}")
                ? executions
                        .get()
                        .find(batch.flatMap(BatchRecord::execution)
                                .filter(executions.get()::isOurs)
                                .orElseGet(() -> executions.get().arn(id)))
                : Optional.empty();
        if (batch.isEmpty() && execution.isEmpty()) {
            return HttpReply.error(404, "no_such_batch", "There is no batch " + id + " in this stack.");
        }
        ObjectNode body = Json.mapper().createObjectNode().put("batchId", id);
        body.put("state", batch.map(known -> known.state().name()).orElse("NOT_PLANNED"));
        if (batch.isPresent()) {
            describe(batch.get(), body);
        }
        execution.ifPresent(known -> describe(known, body));
        return HttpReply.of(200, body);
    }

    private static void describe(Known execution, ObjectNode body) {
        ObjectNode node = body.putObject("execution");
        node.put("arn", execution.arn()).put("status", execution.status());
        execution.error().ifPresent(error -> node.put("error", error));
        execution.cause().ifPresent(cause -> node.put("cause", cause));
    }

    private void describe(BatchRecord batch, ObjectNode body) throws IOException {
        Sums sums = new Sums();
        parts.store().forEachJob(batch.batchId(), sums::add);
        body.put("jobs", batch.jobs());
        sums.states.forEach((state, count) -> body.withObject("/byState").put(state.name(), count));
        body.put("estimate", batch.estimate()).put("charged", sums.charged).put("atRisk", sums.atRisk);
        body.put("createdAt", batch.createdAt().toString());
        batch.finishedAt().ifPresent(time -> body.put("finishedAt", time.toString()));
        batch.halt().ifPresent(halt -> body.put("halted", halt.message()));
        String manifest = new BatchFolder(batch.batchId()).visible("manifest.json");
        if (batch.state() == BatchState.FINISHED
                || parts.objects().find(manifest).isPresent()) {
            body.put("manifest", "s3://" + parts.bucket() + "/" + manifest);
        }
    }

    /** Money in USD; a price whose outcome is open counts as at risk, as in the manifest. */
    private static final class Sums {
        private final Map<JobState, Integer> states = new EnumMap<>(JobState.class);
        private BigDecimal charged = BigDecimal.ZERO;
        private BigDecimal atRisk = BigDecimal.ZERO;

        void add(JobRecord job) {
            states.merge(job.state(), 1, Integer::sum);
            for (Attempt attempt : job.attempts()) {
                charged = charged.add(attempt.charged());
                atRisk = atRisk.add(attempt.atRisk()).add(attempt.reserved());
            }
        }
    }
}
