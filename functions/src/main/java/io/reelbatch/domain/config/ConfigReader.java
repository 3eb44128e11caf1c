package io.reelbatch.domain.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.domain.catalog.Price;
import io.reelbatch.domain.job.BatchSettings.OnUnknownSubmit;
import io.reelbatch.domain.job.BatchSettings.ProviderApi;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads batch configurations, YAML or JSON, and says everything that is wrong with one at once. */
public final class ConfigReader {
    /** Longest config, in bytes. */
    public static final int MAX_BYTES = 64 * 1024 * 1024;

    /** Fields whose capability is not built yet; a config that has one is refused. Remove a name to allow it. */
    private static final Set<String> NOT_YET = Set.of("notify");

    private static final String SCHEMA = "/io/reelbatch/schemas/batch.schema.json";
    private static final String DEFAULT_OUTPUT_DIR = "output";
    private static final int DEFAULT_MAX_WORKERS = 3;
    private static final int MOST_JOBS = 100_000;

    private final SchemaCheck schema;
    private final Set<String> notYet;

    /** Loads the schema, which takes about 0.1 s in a new process. */
    public ConfigReader() {
        this(NOT_YET);
    }

    ConfigReader(Set<String> notYet) {
        this.schema = SchemaCheck.load(SCHEMA);
        this.notYet = notYet;
    }

    /**
     * Reads a configuration.
     *
     * @param fileName what to call it in messages; its ending decides between YAML and JSON where the content does not
     * @param content UTF-8, up to 64 MB
     * @throws InvalidConfigException with every problem that was found, and what could be read all the same
     */
    public BatchConfig read(String fileName, byte[] content) {
        Source source = SourceReader.read(fileName, content, schema.shape());
        refuseTooMany(source);
        List<ConfigProblem> problems = new ArrayList<>(source.problems());
        SchemaCheck.Result checked = schema.check(source, this::isNotYet);
        problems.addAll(checked.problems());
        notYet(source, List.of(), source.root(), problems);
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

    /** Before the validator would say something of each of them. */
    private static void refuseTooMany(Source source) {
        JsonNode jobs = source.root().path("jobs");
        if (jobs.size() > MOST_JOBS) {
            String message = "are " + jobs.size() + ", and a batch has at most 100,000; split the batch";
            throw new InvalidConfigException(
                    List.of(Places.problem(source, List.of("jobs"), message)), Optional.empty());
        }
    }

    private void notYet(Source source, List<String> path, JsonNode node, List<ConfigProblem> problems) {
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            List<String> below = with(path, entry.getKey());
            if (isNotYet(below)) {
                problems.add(Places.problem(source, below, "is not supported yet; remove it"));
            } else if (isGroup(below)) {
                notYet(source, below, entry.getValue(), problems);
            }
        }
        for (int i = 0; i < (path.equals(List.of("jobs")) ? node.size() : 0); i++) {
            notYet(source, with(path, String.valueOf(i)), node.path(i), problems);
        }
    }

    /** Whether a path leads to a field that is not built yet, or into one. */
    private boolean isNotYet(List<String> path) {
        int at = 0;
        while (at < path.size() && isGroup(path.subList(0, at + 1))) {
            at++;
        }
        return at < path.size() && notYet.contains(path.get(at));
    }

    /** Whether a path leads to a group of fields: {@code defaults}, its kinds, the jobs or one of them. */
    private static boolean isGroup(List<String> path) {
        boolean inJobs = path.get(0).equals("jobs");
        boolean inDefaults = path.get(0).equals("defaults");
        return switch (path.size()) {
            case 1 -> inJobs || inDefaults;
            case 2 -> inJobs || (inDefaults && Defaults.KINDS.contains(path.get(1)));
            default -> false;
        };
    }

    private static List<String> with(List<String> path, String step) {
        List<String> longer = new ArrayList<>(path);
        longer.add(step);
        return longer;
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
                Optional.ofNullable(root.get("notify")).map(ConfigReader::notification));
    }

    private static Map<String, Price> prices(String fileName, JsonNode prices) {
        Map<String, Price> byModel = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : prices.properties()) {
            byModel.put(entry.getKey(), Price.from(entry.getValue(), fileName));
        }
        return byModel;
    }

    private static NotifyConfig notification(JsonNode notify) {
        List<String> on = new ArrayList<>();
        notify.path("on").forEach(event -> on.add(event.asText()));
        return new NotifyConfig(
                URI.create(notify.path("webhook").asText()),
                on.contains("job"),
                on.isEmpty() || on.contains("batch"),
                Optional.ofNullable(notify.path("secret").textValue()));
    }
}
