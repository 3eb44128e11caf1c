package io.reelbatch.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.adapters.aws.Executions;
import io.reelbatch.adapters.aws.Executions.Known;
import io.reelbatch.domain.job.BatchRecord;
import io.reelbatch.domain.job.BatchRecord.BatchState;
import io.reelbatch.domain.job.JobKey;
import io.reelbatch.domain.json.Json;
import io.reelbatch.errors.StoreException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cleans up after an execution that failed, timed out or was aborted: ends its jobs' records, then writes its manifest.
 * It is triggered by the execution's status change, which EventBridge delivers on a best-effort basis, and by an hourly
 * sweep over all unfinished batches. It leaves a batch alone while its execution runs, and if its execution does not
 * belong to this state machine, as for a run on one machine.
 */
public final class Reconcile extends EventHandler {
    private static final Logger LOG = LoggerFactory.getLogger(Reconcile.class);
    /** Time kept at the end of the invocation for writing the manifest. */
    private static final Duration MARGIN = Duration.ofSeconds(90);

    private final Parts parts;
    private final Supplier<Executions> executions;
    private final Leftovers leftovers;
    private final PlanBatch plan;
    private final BuildManifest manifest;

    /** For Lambda: by the environment variables, of which a missing one is an {@link IllegalStateException}. */
    public Reconcile() {
        this(Deployment.here());
    }

    private Reconcile(Deployment deployment) {
        this(deployment.partsWithKey(), deployment.executions());
        prepareSnapshot(Snapshot.records(parts), Snapshot.executions(executions));
    }

    Reconcile(Parts parts, Supplier<Executions> executions) {
        this.parts = parts;
        this.executions = executions;
        this.leftovers = new Leftovers(parts);
        this.plan = new PlanBatch(parts);
        this.manifest = new BuildManifest(parts);
    }

    /** The result for one batch. */
    private enum Outcome {
        /** It has its manifest. */
        FINISHED,
        /** Its execution still runs, or is not one of this state machine. */
        LEFT_ALONE,
        /** Some jobs could not be ended yet; the next sweep continues. */
        LEFT_OVER
    }

    @Override
    JsonNode handle(JsonNode event, Context context) throws IOException {
        boolean told = event.path("source").asText().equals("aws.states");
        List<String> batches =
                told ? batchOf(event.path("detail")) : parts.store().unfinishedBatches();
        ObjectNode answer = Json.mapper().createObjectNode();
        int stuck = 0;
        for (String batchId : batches) {
            Outcome outcome = timeIsUp(context) ? Outcome.LEFT_OVER : reconcile(batchId, context, !told);
            answer.put(batchId, outcome.name());
            stuck += outcome == Outcome.LEFT_OVER ? 1 : 0;
        }
        if (!told) {
            parts.metrics().stuckBatches(stuck);
        }
        return answer;
    }

    /** The batch that an execution works on: named by its input, else by its own name. */
    private List<String> batchOf(JsonNode detail) throws IOException {
        Optional<String> input = Optional.ofNullable(detail.path("input").textValue());
        if (input.isEmpty()) {
            input = executions.get().find(detail.path("executionArn").asText()).flatMap(Known::input);
        }
        String name = detail.path("name").asText();
        return input.isEmpty()
                ? List.of(name)
                : List.of(Json.mapper().readTree(input.get()).path("batchId").asText(name));
    }

    /** @param sweeping whether trouble with one batch is to keep nobody from the others */
    private Outcome reconcile(String batchId, Context context, boolean sweeping) throws IOException {
        try {
            return reconcile(batchId, context);
        } catch (IOException | StoreException e) {
            if (!sweeping) {
                throw e;
            }
            LOG.atError()
                    .setMessage("a batch could not be ended")
                    .addKeyValue("batch", batchId)
                    .setCause(e)
                    .log();
            return Outcome.LEFT_OVER;
        }
    }

    private Outcome reconcile(String batchId, Context context) throws IOException {
        Optional<BatchRecord> found = parts.store().batch(batchId);
        if (found.isEmpty() || found.get().state() == BatchState.FINISHED) {
            return Outcome.LEFT_ALONE;
        }
        BatchRecord batch = found.get();
        String arn = batch.execution().orElseGet(() -> executions.get().arn(batchId));
        if (!executions.get().isOurs(arn)) {
            return Outcome.LEFT_ALONE;
        }
        Optional<Known> execution = executions.get().find(arn);
        if (execution.map(Known::isRunning).orElse(false)) {
            return Outcome.LEFT_ALONE;
        }
        LOG.atWarn()
                .setMessage("a batch is unfinished and its execution has ended")
                .addKeyValue("batch", batchId)
                .addKeyValue("execution", arn)
                .addKeyValue("status", execution.map(Known::status).orElse("forgotten"))
                .log();
        if (batch.state() == BatchState.PLANNING && !finishPlan(batchId, arn, execution, context)) {
            return Outcome.LEFT_OVER;
        }
        return end(batchId, arn, context);
    }

    /** Nothing can have been submitted, but not all jobs may have a record: a retry would miss the others. */
    private boolean finishPlan(String batchId, String arn, Optional<Known> execution, Context context)
            throws IOException {
        Optional<String> input = execution.flatMap(Known::input);
        if (input.isEmpty()) {
            return false;
        }
        ObjectNode planInput = (ObjectNode) Json.mapper().readTree(input.get());
        planInput.put("batchId", batchId).put("execution", arn);
        plan.handle(Json.mapper().treeToValue(planInput, PlanBatch.Input.class), context);
        return true;
    }

    private Outcome end(String batchId, String arn, Context context) throws IOException {
        List<Integer> open = new ArrayList<>();
        parts.store().forEachJob(batchId, job -> {
            if (!job.state().isEnd()) {
                open.add(job.plan().index());
            }
        });
        boolean allEnded = true;
        for (int index : open) {
            if (timeIsUp(context)) {
                return Outcome.LEFT_OVER;
            }
            if (isTakenUp(batchId, arn)) {
                return Outcome.LEFT_ALONE;
            }
            allEnded &= leftovers.end(new JobKey(batchId, index), () -> isTakenUp(batchId, arn), context);
        }
        if (isTakenUp(batchId, arn)) {
            return Outcome.LEFT_ALONE;
        }
        manifest.handle(new BuildManifest.Input(batchId), context);
        return allEnded ? Outcome.FINISHED : Outcome.LEFT_OVER;
    }

    /** A retry may begin at any moment; from then on the jobs are its own. */
    private boolean isTakenUp(String batchId, String arn) {
        return !parts.batch(batchId)
                .execution()
                .orElseGet(() -> executions.get().arn(batchId))
                .equals(arn);
    }

    private static boolean timeIsUp(Context context) {
        return context.getRemainingTimeInMillis() < MARGIN.toMillis();
    }
}
