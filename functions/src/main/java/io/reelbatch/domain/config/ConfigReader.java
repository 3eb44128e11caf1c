package io.reelbatch.domain.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.domain.catalog.Price;
import io.reelbatch.domain.job.BatchSettings.OnUnknownSubmit;
import io.reelbatch.domain.job.BatchSettings.ProviderApi;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads batch configurations, YAML or JSON, and says everything that is wrong with one at once. */
public final class ConfigReader {
    /** Longest config, in bytes. */
    public static final int MAX_BYTES = 64 * 1024 * 1024;

    private static final String SCHEMA = "/io/reelbatch/schemas/batch.schema.json";
    private static final String DEFAULT_OUTPUT_DIR = "output";
    private static final int DEFAULT_MAX_WORKERS = 3;
    private static final int MOST_JOBS = 100_000;

    private final SchemaCheck schema;
    private final boolean localReceivers;

    /** Loads the schema, which takes about 0.1 s in a new process. A {@code notify.webhook} on this machine is taken. */
    public ConfigReader() {
        this(true);
    }

    /**
     * The same.
     *
     * @param localReceivers whether a {@code notify.webhook} may be on this machine
     */
    public ConfigReader(boolean localReceivers) {
        this.schema = SchemaCheck.load(SCHEMA);
        this.localReceivers = localReceivers;
    }

    /**
     * Reads a configuration that stands alone.
     *
     * @param fileName what to call it in messages; its ending decides between YAML and JSON where the content does not
     * @param content UTF-8, up to 64 MB
     * @throws InvalidConfigException with every problem that was found, and what could be read all the same
     */
    public BatchConfig read(String fileName, byte[] content) {
        return read(fileName, content, Tables.NONE);
    }

    /**
     * The same of a configuration that may name a table.
     *
     * @param tables fetches it
     */
    public BatchConfig read(String fileName, byte[] content, Tables tables) {
        Source source = withRows(SourceReader.read(fileName, content, schema.shape()), tables);
        refuseTooMany(source);
        List<ConfigProblem> problems = new ArrayList<>(source.problems());
        SchemaCheck.Result checked = schema.check(source);
        problems.addAll(checked.problems());
        problems.addAll(NotifyReader.problems(source, localReceivers));
        if (!(source.root() instanceof ObjectNode root)) {
            throw new InvalidConfigException(problems, Optional.empty());
        }
        List<JobConfig> jobs = new JobReader(source, problems, checked.jobs()).read();
        if (checked.batch()) {
            throw new InvalidConfigException(problems, Optional.empty());
        }
        BatchConfig config = batch(fileName, root, jobs);
        if (!problems.isEmpty()) {
            throw new InvalidConfigException(problems, Optional.of(config));
        }
        return config;
    }

    /** Rows become jobs once everything but them is right: what is wrong with their template is told once. */
    private Source withRows(Source source, Tables tables) {
        JsonNode root = source.root();
        if (root.has(RowJobs.TEMPLATE) && !root.has(RowJobs.TABLE)) {
            String message = "is the job to make of each row of a table: name that under `" + RowJobs.TABLE + "`";
            return source.with(List.of(Places.problem(source, List.of(RowJobs.TEMPLATE), message)));
        }
        boolean ready = root.has(RowJobs.TABLE)
                && (!root.has("jobs") || root.path("jobs").isArray())
                && !schema.check(source).batch();
        return ready
                ? RowJobs.addTo(source, tables, schema.shape().child("jobs").item())
                : source;
    }

    /** Before the validator would say something of each of them. */
    private static void refuseTooMany(Source source) {
        JsonNode jobs = source.root().path("jobs");
        if (jobs.size() > MOST_JOBS) {
            String message = "are " + jobs.size() + ", and a batch has at most 100,000; split the batch";
            throw new InvalidConfigException(
                    List.of(Places.problem(source, List.of("jobs"), message)), Optional.empty());
        }
    }

    private static BatchConfig batch(String fileName, ObjectNode root, List<JobConfig> jobs) {
        return new BatchConfig(
                fileName,
                root.path("output_dir").asText(DEFAULT_OUTPUT_DIR),
                root.path("max_workers").asInt(DEFAULT_MAX_WORKERS),
                jobs,
                Optional.ofNullable(root.get("budget")).map(JsonNode::decimalValue),
                root.path("on_unknown_submit").asText().equals("fail")
                        ? OnUnknownSubmit.FAIL
                        : OnUnknownSubmit.RESUBMIT,
                root.path("api").asText().equals("tutorial") ? ProviderApi.TUTORIAL : ProviderApi.ATLAS,
                prices(fileName, root.path("prices")),
                root.path("reuse").asBoolean(),
                ByteSize.parse(root.path("max_download").asText()),
                Optional.ofNullable(root.get("notify")).map(NotifyReader::settings));
    }

    private static Map<String, Price> prices(String fileName, JsonNode prices) {
        Map<String, Price> byModel = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : prices.properties()) {
            byModel.put(entry.getKey(), Price.from(entry.getValue(), fileName));
        }
        return byModel;
    }
}
