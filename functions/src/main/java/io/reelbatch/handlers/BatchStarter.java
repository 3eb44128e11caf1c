package io.reelbatch.handlers;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.adapters.aws.Executions;
import io.reelbatch.domain.config.ConfigProblem;
import io.reelbatch.domain.config.ConfigReader;
import io.reelbatch.domain.config.InvalidConfigException;
import io.reelbatch.domain.json.Json;
import io.reelbatch.domain.planning.Plan;
import io.reelbatch.domain.planning.Planner;
import io.reelbatch.domain.store.BatchFolder;
import io.reelbatch.domain.store.ObjectWriter;
import io.reelbatch.errors.BudgetTooSmall;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts a batch, once, if its config is valid. The checked config is first copied into the batch's folder. The
 * execution reads that copy, so it runs what was checked, and its input stays small and shows nothing of the config.
 */
final class BatchStarter {
    private static final Logger LOG = LoggerFactory.getLogger(BatchStarter.class);

    private final Parts parts;
    private final Supplier<Executions> executions;

    BatchStarter(Parts parts, Supplier<Executions> executions) {
        this.parts = parts;
        this.executions = executions;
    }

    /**
     * What came of an order.
     *
     * @param sameConfig false if the batch had been started with another config, which then counts
     */
    record Started(String batchId, String executionArn, boolean sameConfig) {}

    /** @throws InvalidConfigException with everything that is wrong; nothing was started then */
    Started start(Order order) throws IOException {
        check(order);
        String key = new BatchFolder(order.batchId()).visible(isJson(order.config()) ? "config.json" : "config.yaml");
        boolean same = keep(key, order.config());
        Executions.Started started = executions.get().start(order.batchId(), input(order, key));
        LOG.atInfo()
                .setMessage(started.existed() ? "started before" : "started")
                .addKeyValue("batch", order.batchId())
                .addKeyValue("execution", started.arn())
                .log();
        return new Started(order.batchId(), started.arn(), same);
    }

    private void check(Order order) {
        try {
            Plan plan = Planner.plan(
                    new ConfigReader(),
                    order.fileName(),
                    order.config(),
                    parts.catalog(),
                    new StoredInputs(parts.objects(), parts.bucket(), Map.of()));
            PlanBatch.refuseUntold(order.fileName(), plan.settings(), parts.outbox());
            PlanBatch.refuseOverBudget(
                    plan.estimate().total(),
                    plan.settings().withBudget(order.budget()).budget());
        } catch (BudgetTooSmall e) {
            ConfigProblem problem = new ConfigProblem(
                    order.fileName(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of("budget"),
                    String.valueOf(e.getMessage()));
            throw new InvalidConfigException(List.of(problem), Optional.empty());
        }
    }

    private static boolean isJson(byte[] config) {
        for (byte letter : config) {
            if (!Character.isWhitespace(letter)) {
                return letter == '{';
            }
        }
        return false;
    }

    /** Whoever came first with this batch has said what it is. */
    private boolean keep(String key, byte[] config) throws IOException {
        try (InputStream in = parts.objects().read(key)) {
            return Arrays.equals(in.readAllBytes(), config);
        } catch (NoSuchFileException e) {
            try (ObjectWriter out = parts.objects().write(key, "application/octet-stream")) {
                out.write(config);
                out.commit();
            }
            return true;
        }
    }

    private String input(Order order, String key) {
        ObjectNode input = Json.mapper().createObjectNode();
        input.put("batchId", order.batchId());
        input.put("configUri", "s3://" + parts.bucket() + "/" + key);
        order.outputDir().ifPresent(folder -> input.put("outputDir", folder));
        order.budget().ifPresent(usd -> input.put("budget", usd));
        return input.toString();
    }
}
