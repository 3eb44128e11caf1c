package io.reelbatch.cli.deploy;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.sun.net.httpserver.HttpServer;
import io.reelbatch.adapters.aws.DynamoDbJobStore;
import io.reelbatch.adapters.aws.Emulators;
import io.reelbatch.adapters.aws.FakeAws;
import io.reelbatch.adapters.aws.S3ObjectStore;
import io.reelbatch.adapters.aws.TableSchema;
import io.reelbatch.adapters.aws.UsesDynamoDbLocal;
import io.reelbatch.cli.deploy.Template.Statement;
import io.reelbatch.cli.local.CallRecorder;
import io.reelbatch.cli.local.CallRecorder.Need;
import io.reelbatch.cli.local.DeployedRun;
import io.reelbatch.cli.simulator.Fault;
import io.reelbatch.cli.simulator.FaultPlan;
import io.reelbatch.cli.simulator.OutputShape;
import io.reelbatch.cli.simulator.SimulatorSettings;
import io.reelbatch.domain.job.BatchRecord;
import io.reelbatch.domain.job.BatchRecord.BatchState;
import io.reelbatch.domain.json.Json;
import io.reelbatch.domain.store.JobStore;
import io.reelbatch.domain.store.ObjectWriter;
import io.reelbatch.errors.StoreException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;

/** What all functions call, in whole batches and for each event, beside what their roles in the template allow. */
@UsesDynamoDbLocal
class PermissionsTest {
    private static final String FLUX =
            "type: image, model: black-forest-labs/flux-2-pro/text-to-image, width: 64, height: 64";
    private static final String SEEDANCE = "type: video, model: bytedance/seedance-v1.5-pro/image-to-video";
    private static final String GOOD = "jobs:\n- {name: One, prompt: one, " + FLUX + "}\n";
    private static final String BROKEN_OFF = "a transfer of more than 8 MB breaks off";
    private static final String MISSING = "S3 answers 404 for a missing object instead of 403";
    private static final String SECRETS = "arn:aws:secretsmanager:us-east-1:123456789012:secret:";
    private static final String LAMBDA = "done by Lambda itself";

    /** What Lambda does to the queue of a function. */
    private static final List<String> POLLING = List.of("ReceiveMessage", "DeleteMessage", "GetQueueAttributes");

    private static final String TOKENS = "the engine of this test takes the token itself";
    private static final String UNHEARD =
            "the last attempt of a job failed at the provider, which says so by a callback";
    private static final String INLINE = "a callback has the outputs in it";

    /** What each role allows besides what happens here, by statement and action, and when it is needed. */
    private static final Map<String, Map<String, String>> UNSEEN = Map.of(
            "PlanBatch",
            Map.of("Items/s3:AbortMultipartUpload", BROKEN_OFF, "TellMissingFromForbidden/s3:ListBucket", MISSING),
            "SubmitJob",
            Map.of(
                    "InlineAndReused/s3:AbortMultipartUpload", BROKEN_OFF,
                    "InlineAndReused/s3:DeleteObject", "a copy turns out to differ from its original",
                    "TellMissingFromForbidden/s3:ListBucket", MISSING),
            "AwaitWebhook",
            Map.of("GoOn/states:SendTaskFailure", TOKENS, "GoOn/states:SendTaskSuccess", TOKENS),
            "ReceiveWebhook",
            Map.of(
                    "GoOn/states:SendTaskFailure", TOKENS,
                    "GoOn/states:SendTaskSuccess", TOKENS,
                    "Records/dynamodb:UpdateItem", "what was generated had been given up, or failed",
                    "Tell/sqs:SendMessage", UNHEARD,
                    "Inline/s3:PutObject", INLINE,
                    "Inline/s3:AbortMultipartUpload", BROKEN_OFF),
            "CheckJob",
            Map.of("Inline/s3:AbortMultipartUpload", BROKEN_OFF, "TellMissingFromForbidden/s3:ListBucket", MISSING),
            "DownloadOutput",
            Map.of("Outputs/s3:AbortMultipartUpload", BROKEN_OFF, "TellMissingFromForbidden/s3:ListBucket", MISSING),
            "BuildManifest",
            Map.of("Reports/s3:AbortMultipartUpload", BROKEN_OFF),
            "StartBatch",
            Map.of(
                    "Started/s3:AbortMultipartUpload",
                    BROKEN_OFF,
                    "Refused/s3:AbortMultipartUpload",
                    BROKEN_OFF,
                    "TellMissingFromForbidden/s3:ListBucket",
                    MISSING,
                    "GiveUp/sqs:SendMessage",
                    LAMBDA),
            "GetBatch",
            Map.of("TellMissingFromForbidden/s3:ListBucket", MISSING),
            "Reconcile",
            Map.of(
                    "Outputs/s3:AbortMultipartUpload",
                    BROKEN_OFF,
                    "Outputs/s3:DeleteObject",
                    "an output that came with the provider's answer is in its place",
                    "Records/dynamodb:UpdateItem",
                    "the provider has failed a generation and gives its price back",
                    "TellMissingFromForbidden/s3:ListBucket",
                    MISSING,
                    "GiveUp/sqs:SendMessage",
                    LAMBDA));

    private final Emulators emulators;
    private final String names = "permissions-" + UUID.randomUUID();
    private final Map<String, Set<Need>> needs = new TreeMap<>();
    private final FakeAws aws;

    PermissionsTest(Emulators emulators) throws IOException {
        this.emulators = emulators;
        this.aws = new FakeAws();
    }

    @AfterEach
    void close() {
        aws.close();
    }

    private DeployedRun.Stack stack() throws IOException {
        Map<String, String> environment = new HashMap<>(emulators.environment());
        environment.putAll(aws.environment());
        return new DeployedRun.Stack(
                environment, names, names, definition(), Map.of(), FakeAws.MACHINE, "ApiKeySecret");
    }

    @BeforeEach
    void create() throws IOException {
        aws.secret("a-key");
        try (DynamoDbClient dynamoDb = stack().dynamoDb(new CallRecorder());
                S3Client s3 = stack().s3(new CallRecorder())) {
            TableSchema.createIfMissing(dynamoDb, names);
            S3ObjectStore.createIfMissing(s3, names);
        }
    }

    private static String definition() throws IOException {
        return Files.readString(Template.root("statemachine/batch.asl.json"))
                .replaceAll("\\$\\{(\\w+)FunctionArn}", "$1");
    }

    /** Its receiver, on this machine, is not there. */
    private static ObjectNode config(String yaml) throws IOException {
        ObjectNode config = (ObjectNode) new YAMLMapper().readTree(yaml);
        config.set(
                "notify",
                new YAMLMapper()
                        .readTree("{webhook: \"http://127.0.0.1:1/hook\", on: [job, batch],"
                                + " secret: reelbatch/reelbatch/hook}"));
        return config;
    }

    private interface Doing {
        void with(DeployedRun run) throws IOException;
    }

    private void record(UnaryOperator<SimulatorSettings> settings, Doing doing) throws IOException {
        try (DeployedRun run = new DeployedRun(stack(), settings)) {
            doing.with(run);
            note(run);
        }
    }

    /** Files from the bucket, copies, a broken step, a retry: what batches do. */
    private void batches(DeployedRun run) throws IOException {
        put(run, "brand/hero.png", image());
        run.run(
                "all-kinds",
                config("jobs:\n- {name: One, prompt: one, " + FLUX + "}\n- {name: Two, prompt: two, " + FLUX
                        + "}\n- {name: Clip, prompt: it moves, image: brand/hero.png, " + SEEDANCE
                        + "}\n- {name: Chained, prompt: it moves too, image: {from: One}, " + SEEDANCE + "}\n"));
        run.run("copies", config("reuse: true\njobs:\n- {name: Again, prompt: one, " + FLUX + "}\n"));
        run.run("breaks-in-CheckJob", config("jobs:\n- {name: Broken, prompt: broken, " + FLUX + "}\n"));
        run.call(
                "PlanBatch",
                Json.mapper()
                        .createObjectNode()
                        .put("batchId", "breaks-in-CheckJob")
                        .put("retry", true));
    }

    /** Each event that starts a batch, with a good config and a bad one, and a look at what it started. */
    private void waysIn(DeployedRun run) throws IOException {
        put(run, "configs/weekly.yaml", GOOD.getBytes(StandardCharsets.UTF_8));
        run.call("StartBatch", event("s3-object-created"));
        versioned(run);
        put(run, "configs/weekly.yaml", "jobs: none".getBytes(StandardCharsets.UTF_8));
        run.call("StartBatch", event("s3-object-created"));
        put(run, "schedules/weekly.yaml", GOOD.getBytes(StandardCharsets.UTF_8));
        run.call("StartBatch", event("schedule").put("configUri", "s3://" + names + "/schedules/weekly.yaml"));
        run.call("StartBatch", event("sqs"));
        JsonNode answer = run.call("StartBatch", event("api-post-batches"));
        String id = Json.mapper()
                .readTree(answer.path("body").asText())
                .path("batchId")
                .asText();
        run.start(id, (ObjectNode) aws.input(id));
        look(run, id);
    }

    private static void look(DeployedRun run, String batchId) throws IOException {
        ObjectNode request = event("api-get-batch");
        request.withObject("/pathParameters").put("id", batchId);
        assertThat(run.call("GetBatch", request).path("statusCode").asInt()).isEqualTo(200);
    }

    /** The stand-in for S3 knows no versions, so nothing comes of it; what is noted is the call. */
    private static void versioned(DeployedRun run) throws IOException {
        ObjectNode upload = event("s3-object-created");
        upload.withObject("/detail/object").put("version-id", "v1");
        try {
            assertThat(run.call("StartBatch", upload).has("batchId")).isTrue();
        } catch (IOException | StoreException e) {
            assertThat(e).hasMessageContaining("configs/weekly.yaml");
        }
    }

    /** An execution that was aborted while it planned, and one while it worked, of which one job is ready to be fetched. */
    private void aborted(DeployedRun run) throws IOException {
        ObjectNode input = Json.mapper().createObjectNode().put("batchId", "weekly");
        input.set(
                "config",
                config("jobs:\n- {name: One, prompt: three, " + FLUX + "}\n- {name: Two, prompt: four, " + FLUX
                        + "}\n- {name: Clip, prompt: it runs, image: brand/hero.png, " + SEEDANCE + "}\n"));
        String arn = aws.execution("weekly", "ABORTED", input.toString());
        run.call("PlanBatch", input.deepCopy().put("execution", arn));
        ObjectNode first =
                Json.mapper().createObjectNode().put("batchId", "weekly").put("job", 0);
        run.call("SubmitJob", first);
        String next;
        do {
            next = run.call("CheckJob", first).path("next").asText();
            assertThat(next).isIn("wait", "download");
        } while (!next.equals("download"));
        run.call("SubmitJob", first.deepCopy().put("job", 1));
        look(run, "weekly");
        run.call("Reconcile", event("execution-status-change"));

        run.call("PlanBatch", input.put("batchId", "planning").put("execution", arn));
        aws.execution("weekly", "ABORTED", input.toString());
        asIfItHadNotFinishedPlanning("planning");
        run.call("Reconcile", event("sweep"));
    }

    private void asIfItHadNotFinishedPlanning(String batchId) throws IOException {
        try (JobStore store = new DynamoDbJobStore(stack().dynamoDb(new CallRecorder()), names)) {
            BatchRecord batch = store.batch(batchId).orElseThrow();
            assertThat(store.replaceBatch(new BatchRecord(
                            batchId,
                            BatchState.PLANNING,
                            batch.settings(),
                            batch.jobs(),
                            batch.estimate(),
                            batch.warnings(),
                            batch.createdAt(),
                            batch.finishedAt(),
                            batch.halt(),
                            batch.execution(),
                            batch.version() + 1)))
                    .isTrue();
        }
    }

    private void calledBack() throws IOException {
        try (DeployedRun run = DeployedRun.calledBack(stack())) {
            run.run("called-back", config("jobs:\n- {name: One, prompt: five, " + FLUX + "}\n"));
            note(run);
        }
    }

    /** What was queued so far: one whose time is over, one that a receiver takes, one that it does not. */
    private void notifications(DeployedRun run) throws IOException {
        aws.secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        List<JsonNode> queued = aws.messages(DeployedRun.NOTIFICATIONS);
        HttpServer receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/hook", exchange -> {
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        receiver.start();
        try {
            ObjectNode input = Json.mapper().createObjectNode();
            ObjectNode told = config("jobs:\n- {name: One, prompt: six, " + FLUX + "}\n");
            told.withObject("/notify")
                    .put("webhook", "http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook");
            run.start("told", input.set("config", told));
            List<JsonNode> now = aws.messages(DeployedRun.NOTIFICATIONS);
            assertThat(send(run, now.get(now.size() - 1), 1)).isEmpty();
            assertThat(send(run, queued.get(0), 1)).hasSize(1);
            assertThat(send(run, queued.get(0), 4_000_000)).isEmpty();
        } finally {
            receiver.stop(0);
            aws.secret("a-key");
        }
    }

    private static JsonNode send(DeployedRun run, JsonNode queued, long ageMillis) throws IOException {
        ObjectNode event = event("sqs-notification");
        ObjectNode message = (ObjectNode) event.at("/Records/0");
        message.set("body", queued.path("MessageBody"));
        message.withObject("/attributes")
                .put(
                        "ApproximateFirstReceiveTimestamp",
                        String.valueOf(run.now().toEpochMilli() - ageMillis));
        return run.call("SendNotification", event).path("batchItemFailures");
    }

    private void note(DeployedRun run) {
        run.calls()
                .forEach((function, recorder) ->
                        needs.computeIfAbsent(function, name -> new TreeSet<>()).addAll(recorder.needs()));
    }

    private static ObjectNode event(String name) throws IOException {
        return (ObjectNode)
                Json.mapper().readTree(Template.root("events/" + name + ".json").toFile());
    }

    private static byte[] image() throws IOException {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB), "png", png);
        return png.toByteArray();
    }

    private static void put(DeployedRun run, String key, byte[] content) throws IOException {
        try (ObjectWriter out = run.objects().write(key, "application/octet-stream")) {
            out.write(content);
            out.commit();
        }
    }

    @Test
    void aRoleAllowsWhatItsFunctionCallsAndLittleElse() throws IOException {
        record(settings -> settings, this::batches);
        record(
                settings -> settings.withOutputs(OutputShape.DATA_URI),
                run -> run.run("inline", config("jobs:\n- {name: Inline, prompt: inline, " + FLUX + "}\n")));
        record(
                settings -> settings.withFaults(FaultPlan.chances(Map.of(Fault.FAILED, 1.0))),
                run -> run.run("fails", config("jobs:\n- {name: Fails, prompt: fails, " + FLUX + "}\n")));
        record(settings -> settings, this::waysIn);
        record(settings -> settings, this::aborted);
        calledBack();
        record(settings -> settings, this::notifications);

        Map<String, Set<String>> forbidden = new TreeMap<>();
        Map<String, Set<String>> superfluous = new TreeMap<>();
        assertThat(needs.keySet()).isEqualTo(Template.application().functions().keySet());
        needs.forEach((function, called) -> {
            assertThat(called).as(function).isNotEmpty();
            forbidden.put(function, forbidden(function, called));
            superfluous.put(function, superfluous(function, called));
        });

        assertThat(forbidden.values()).as("called, not allowed: %s", forbidden).allMatch(Set::isEmpty);
        assertThat(superfluous.values())
                .as("allowed, not called: %s", superfluous)
                .allMatch(Set::isEmpty);
    }

    private static Set<String> forbidden(String function, Set<Need> called) {
        return called.stream()
                .filter(need -> role(function).stream()
                        .noneMatch(statement -> statement.actions().contains(need.action()) && covers(statement, need)))
                .map(Need::toString)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> superfluous(String function, Set<Need> called) {
        Map<String, String> unseen = new HashMap<>(requireNonNull(UNSEEN.getOrDefault(function, Map.of())));
        unseen.put("Logs/logs:CreateLogStream", LAMBDA);
        unseen.put("Logs/logs:PutLogEvents", LAMBDA);
        POLLING.forEach(action -> unseen.put("Receive/sqs:" + action, LAMBDA));
        Set<String> allowed = new TreeSet<>();
        for (Statement statement : role(function)) {
            for (String action : statement.actions()) {
                if (called.stream().noneMatch(need -> need.action().equals(action) && covers(statement, need))) {
                    allowed.add(statement.sid() + "/" + action);
                }
            }
        }
        allowed.removeAll(unseen.keySet());
        return allowed;
    }

    /** What is said to be unseen is there to be seen. */
    @Test
    void nothingIsExcusedThatNoRoleAllows() {
        UNSEEN.forEach((function, unseen) -> {
            Set<String> allowed = new HashSet<>();
            role(function)
                    .forEach(statement ->
                            statement.actions().forEach(action -> allowed.add(statement.sid() + "/" + action)));
            assertThat(allowed).as(function).containsAll(unseen.keySet());
        });
    }

    private static List<Statement> role(String function) {
        return Template.application().statements().stream()
                .filter(statement -> statement.owner().equals(function + "Role"))
                .toList();
    }

    /** A statement names a table, a bucket or the secret by a reference, objects and executions by a pattern. */
    private static boolean covers(Statement statement, Need need) {
        return statement.resources().stream().anyMatch(resource -> covers(resource, need));
    }

    private static boolean covers(String resource, Need need) {
        if (need.action().startsWith("sqs:")) {
            return resource.equals(need.key().substring(need.key().lastIndexOf('/') + 1) + ".Arn");
        }
        if (need.key().isEmpty()) {
            return resource.equals(need.action().startsWith("dynamodb:") ? "Table.Arn" : "Bucket.Arn");
        }
        String pattern = resource.replace("${Bucket.Arn}/", "")
                .replace("${AWS::Partition}", "aws")
                .replace("${AWS::Region}", "us-east-1")
                .replace("${AWS::AccountId}", "123456789012")
                .replace("${AWS::StackName}", "reelbatch");
        return resource.startsWith("${Bucket.Arn}/") == need.action().startsWith("s3:")
                && Pattern.matches(
                        Pattern.quote(pattern).replace("*", "\\E.*\\Q"),
                        resource.contains(":secret:") ? SECRETS + need.key() : need.key());
    }
}
