package io.reelbatch.cli.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import com.sun.net.httpserver.HttpServer;
import io.reelbatch.adapters.aws.AwsClients;
import io.reelbatch.adapters.aws.SecretKey;
import io.reelbatch.cli.local.DeployedRun;
import io.reelbatch.domain.json.Json;
import io.reelbatch.domain.store.BatchFolder;
import io.reelbatch.engine.ExecutionResult;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * The stack that the template makes, created in a stand-in for AWS by the stand-in's own CloudFormation; the definition as it is
 * there, run by our engine with the handlers from the jar that would be deployed, in the environments that the functions have
 * there. Needs the tools of {@code infra/tools/prepare} and the jar; without them the test is skipped, and says so.
 */
final class Rehearsal implements AutoCloseable {
    private static final Path JAR = Template.root("functions/target/reelbatch-lambda.jar");
    private static final String SIGNING_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    /** Packaging a jar on a busy machine takes a minute; longer than this it hangs. */
    private static final int MINUTES = 6;

    private final Process process;
    private final JsonNode deployed;

    private Rehearsal(Process process, JsonNode deployed) {
        this.process = process;
        this.deployed = deployed;
    }

    /**
     * Deploys.
     *
     * @param work an empty folder
     * @param standIn where there is one already; otherwise one is started
     */
    static Rehearsal start(Path work, Optional<URI> standIn) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(python().toString(), "infra/tools/rehearse.py", work.toString()));
        standIn.ifPresent(address -> command.add(address.toString()));
        Process process = new ProcessBuilder(command)
                .directory(Template.root("").toFile())
                .redirectError(work.resolve("log").toFile())
                .start();
        try {
            String line = firstLine(process);
            assertThat(line)
                    .as("what it said: %s", Files.readString(work.resolve("log")))
                    .isNotEmpty();
            return new Rehearsal(process, Json.mapper().readTree(line));
        } catch (ExecutionException | TimeoutException | AssertionError e) {
            process.destroy();
            throw new AssertionError("nothing was deployed: " + Files.readString(work.resolve("log")), e);
        }
    }

    private static Path python() throws IOException, InterruptedException {
        Process look = new ProcessBuilder(Template.root("infra/tools/prepare").toString(), "--only-look")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String folder = new String(look.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        boolean ready = look.waitFor() == 0 && Files.exists(Path.of(folder, "venv", "ready"));
        assumeTrue(ready, "the tools are not installed: infra/tools/prepare does it");
        assumeTrue(Files.exists(JAR), "there is no " + JAR + ": mvn package makes it");
        return Path.of(folder, "venv", "bin", "python");
    }

    private static String firstLine(Process process) throws InterruptedException, ExecutionException, TimeoutException {
        return CompletableFuture.supplyAsync(() -> {
                    try {
                        String line = new BufferedReader(
                                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
                                .readLine();
                        return line == null ? "" : line;
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .get(MINUTES, TimeUnit.MINUTES);
    }

    private Map<String, String> environment() {
        return Map.of(
                "AWS_ENDPOINT_URL", deployed.path("endpoint").asText(),
                "AWS_REGION", "us-east-1",
                "AWS_ACCESS_KEY_ID", "rehearsal",
                "AWS_SECRET_ACCESS_KEY", "none");
    }

    private Map<String, Map<String, String>> variables() {
        Map<String, Map<String, String>> variables = new HashMap<>();
        deployed.path("functions").properties().forEach(function -> {
            Map<String, String> own = new HashMap<>();
            function.getValue()
                    .at("/Environment/Variables")
                    .properties()
                    .forEach(variable ->
                            own.put(variable.getKey(), variable.getValue().asText()));
            variables.put(function.getKey(), own);
        });
        return variables;
    }

    private DeployedRun.Stack stack() {
        Map<String, String> functions = new HashMap<>();
        deployed.path("functions")
                .properties()
                .forEach(function -> functions.put(
                        function.getKey(),
                        function.getValue().path("FunctionArn").asText()));
        return new DeployedRun.Stack(
                environment(),
                deployed.at("/outputs/table").asText(),
                deployed.at("/outputs/bucket").asText(),
                deployed.path("definition").asText(),
                functions,
                deployed.at("/outputs/stateMachineArn").asText(),
                variable("SubmitJob", "REELBATCH_API_KEY_SECRET"));
    }

    private String variable(String function, String name) {
        return deployed.at("/functions/" + function + "/Environment/Variables/" + name)
                .asText();
    }

    /** The suite: the same for every stand-in. */
    void play() throws IOException {
        theFunctionsFindTheirParts();
        try (ShadedHandlers handlers = new ShadedHandlers(JAR, environment(), variables());
                SystemCredentials credentials = new SystemCredentials();
                DeployedRun run = new DeployedRun(stack(), settings -> settings, handlers)) {
            credentials.set();
            aBatchRuns(run);
            itsStateIsTold(run);
            aBadConfigIsRefused(run);
            aReceiverIsTold(run);
        }
    }

    private void theFunctionsFindTheirParts() {
        for (String function : List.of("PlanBatch", "SubmitJob", "CheckJob", "GetBatch", "Reconcile")) {
            assertThat(variable(function, "REELBATCH_TABLE"))
                    .isEqualTo(deployed.at("/outputs/table").asText());
            assertThat(variable(function, "REELBATCH_BUCKET"))
                    .isEqualTo(deployed.at("/outputs/bucket").asText());
        }
        assertThat(variable("StartBatch", "REELBATCH_STATE_MACHINE_ARN"))
                .isEqualTo(deployed.at("/outputs/stateMachineArn").asText());
        try (SecretsManagerClient client = new AwsClients(environment(), stack().credentials()).secretsManager()) {
            assertThat(new SecretKey(client, variable("SubmitJob", "REELBATCH_API_KEY_SECRET")).get())
                    .isNotNull();
        }
    }

    private static void aBatchRuns(DeployedRun run) throws IOException {
        ExecutionResult result = run.run(
                "rehearsed",
                new YAMLMapper()
                        .readTree("jobs:\n- {name: One, prompt: one, type: image,"
                                + " model: black-forest-labs/flux-2-pro/text-to-image, width: 64, height: 64}\n"
                                + "- {name: Two, prompt: two, type: video,"
                                + " model: bytedance/seedance-v1.5-pro/text-to-video}\n"));

        assertThat(result.status())
                .as("%s %s", result.error(), result.cause())
                .isEqualTo(ExecutionResult.Status.SUCCEEDED);
        BatchFolder folder = new BatchFolder("rehearsed");
        try (InputStream in = run.objects().read(folder.visible("manifest.json"))) {
            assertThat(Json.mapper().readTree(in).path("successful").asInt()).isEqualTo(2);
        }
        assertThat(run.objects().find(folder.visible("images/one.png"))).isPresent();
        assertThat(run.objects().find(folder.visible("videos/two.mp4"))).isPresent();
    }

    private static void itsStateIsTold(DeployedRun run) throws IOException {
        ObjectNode look = event("api-get-batch");
        look.withObject("/pathParameters").put("id", "rehearsed");
        JsonNode answer = run.call("GetBatch", look);
        assertThat(answer.path("statusCode").asInt()).isEqualTo(200);
        assertThat(answer.path("body").asText()).contains("FINISHED");
    }

    private static void aBadConfigIsRefused(DeployedRun run) throws IOException {
        JsonNode answer = run.call("StartBatch", event("api-post-batches").put("body", "jobs: none"));
        assertThat(answer.path("statusCode").asInt()).isEqualTo(400);
    }

    /** From a batch's end through the stack's own queue. */
    private void aReceiverIsTold(DeployedRun run) throws IOException {
        List<String> verified = new CopyOnWriteArrayList<>();
        HttpServer receiver = receiver(verified);
        AwsClients clients = new AwsClients(environment(), stack().credentials());
        try (SqsClient queues = clients.queues();
                SecretsManagerClient secrets = clients.secretsManager()) {
            secrets.createSecret(
                    request -> request.name("reelbatch/reelbatch/hook").secretString(SIGNING_SECRET));
            run.run(
                    "told",
                    new YAMLMapper()
                            .readTree("notify: {webhook: \"http://localhost:"
                                    + receiver.getAddress().getPort()
                                    + "/hook\", secret: reelbatch/reelbatch/hook}\njobs:\n- {name: One, prompt: told,"
                                    + " type: image, model: black-forest-labs/flux-2-pro/text-to-image}\n"));
            String queue = variable("SendNotification", "REELBATCH_NOTIFICATIONS");
            ObjectNode event = event("sqs-notification");
            ((ObjectNode) event.at("/Records/0"))
                    .put(
                            "body",
                            queues.receiveMessage(request -> request.queueUrl(queue))
                                    .messages()
                                    .get(0)
                                    .body());

            assertThat(run.call("SendNotification", event).path("batchItemFailures"))
                    .isEmpty();
        } finally {
            receiver.stop(0);
        }
        assertThat(verified).singleElement().asString().contains("batch.finished");
        JsonNode last = run.events().get(run.events().size() - 1).path("Detail");
        assertThat(last.path("batch_id").asText()).isEqualTo("told");
        assertThat(last.path("manifest").asText()).endsWith("/batches/told/manifest.json");
    }

    private static HttpServer receiver(List<String> verified) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/hook", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            try {
                new Webhook(SIGNING_SECRET)
                        .verify(body, HttpHeaders.of(exchange.getRequestHeaders(), (name, value) -> true));
                verified.add(body);
                exchange.sendResponseHeaders(204, -1);
            } catch (WebhookVerificationException e) {
                exchange.sendResponseHeaders(401, -1);
            }
            exchange.close();
        });
        server.start();
        return server;
    }

    private static ObjectNode event(String name) throws IOException {
        return (ObjectNode)
                Json.mapper().readTree(Template.root("events/" + name + ".json").toFile());
    }

    /** Where the jar's own clients look for credentials. */
    private static final class SystemCredentials implements AutoCloseable {
        private static final Map<String, String> VALUES =
                Map.of("aws.accessKeyId", "rehearsal", "aws.secretAccessKey", "none");

        private final Map<String, String> before = new HashMap<>();

        void set() {
            VALUES.forEach((name, value) ->
                    Optional.ofNullable(System.setProperty(name, value)).ifPresent(old -> before.put(name, old)));
        }

        @Override
        public void close() {
            VALUES.keySet().forEach(System::clearProperty);
            before.forEach(System::setProperty);
        }
    }

    @Override
    public void close() {
        process.destroy();
    }
}
