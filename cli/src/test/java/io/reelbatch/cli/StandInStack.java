package io.reelbatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.reelbatch.adapters.aws.AwsClients;
import io.reelbatch.adapters.aws.DynamoDbJobStore;
import io.reelbatch.adapters.aws.Emulators;
import io.reelbatch.adapters.aws.S3ObjectStore;
import io.reelbatch.adapters.aws.TableSchema;
import io.reelbatch.adapters.provider.Downloader;
import io.reelbatch.adapters.provider.ProviderClient;
import io.reelbatch.adapters.provider.ProviderSettings;
import io.reelbatch.cli.local.LocalRun;
import io.reelbatch.cli.local.ScaledClock;
import io.reelbatch.cli.simulator.Simulator;
import io.reelbatch.cli.simulator.SimulatorSettings;
import io.reelbatch.domain.catalog.Catalog;
import io.reelbatch.domain.job.BatchSettings.ProviderApi;
import io.reelbatch.domain.json.Json;
import io.reelbatch.domain.pace.Backoff;
import io.reelbatch.domain.provider.ApiKey;
import io.reelbatch.domain.store.JobStore;
import io.reelbatch.domain.store.ObjectStore;
import io.reelbatch.engine.Execution;
import io.reelbatch.engine.ExecutionResult;
import io.reelbatch.engine.ExecutionResult.Status;
import io.reelbatch.handlers.Parts;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * A deployed stack without AWS: Step Functions' and Systems Manager's protocols over HTTP, in front of the embedded engine with
 * the deployed definition and handlers, DynamoDB Local, S3Proxy and the simulator, 50 times as fast.
 */
final class StandInStack implements AutoCloseable {
    static final String NAME = "media";
    /** A stack whose parameter the caller may not read. */
    static final String FORBIDDEN = "forbidden";
    /** A stack whose parameter is something else. */
    static final String FOREIGN = "foreign";

    private static final String MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:StateMachine";
    private static final double SPEED = 50;

    private final ScaledClock clock = new ScaledClock(SPEED, Instant.EPOCH);
    private final Emulators emulators;
    private final String bucket = "b" + UUID.randomUUID();
    private final String table = "t" + UUID.randomUUID();
    private final DynamoDbJobStore jobs;
    private final S3ObjectStore objects;
    private final Simulator simulator;
    private final ProviderClient provider;
    private final Downloader downloader = new Downloader(Downloader.Settings.of(true));
    private final LocalRun run;
    private final HttpServer server;
    private final List<Started> started = new ArrayList<>();
    private volatile Duration ahead = Duration.ZERO;

    private record Started(String input, Execution execution, CompletableFuture<Instant> stopped) {}

    StandInStack(Emulators emulators, UnaryOperator<SimulatorSettings> settings) throws IOException {
        this.emulators = emulators;
        DynamoDbClient dynamoDb = emulators.clients().dynamoDb();
        TableSchema.createIfMissing(dynamoDb, table);
        jobs = new DynamoDbJobStore(dynamoDb, table);
        S3Client s3 = emulators.clients().s3();
        S3ObjectStore.createIfMissing(s3, bucket);
        objects = new S3ObjectStore(s3, bucket);
        simulator = Simulator.start(
                settings.apply(SimulatorSettings.defaults().withSeed(1).withClock(new ProvidersTime())));
        ApiKey key = ApiKey.of("test-key");
        provider = new ProviderClient(ProviderSettings.of(simulator.baseUrl(), () -> key, ProviderApi.ATLAS));
        Backoff backoff = new Backoff(new Random(1));
        run = new LocalRun(
                new Parts(jobs, objects, bucket, Catalog.shipped(), api -> provider, false, downloader, backoff, clock),
                clock);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.setExecutor(Executors.newCachedThreadPool());
        server.start();
    }

    private final class ProvidersTime extends Clock {
        @Override
        public Instant instant() {
            return clock.instant().plus(ahead);
        }

        @Override
        public ZoneId getZone() {
            return clock.getZone();
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return clock.withZone(zone);
        }
    }

    /** Puts the provider's time forward. */
    void advanceProvider(Duration time) {
        ahead = ahead.plus(time);
    }

    /** What a user's environment has to find it. */
    Map<String, String> environment() {
        String here = "http://127.0.0.1:" + server.getAddress().getPort();
        Map<String, String> environment = new HashMap<>(emulators.environment());
        environment.put("AWS_ENDPOINT_URL_SFN", here);
        environment.put("AWS_ENDPOINT_URL_SSM", here);
        environment.put("REELBATCH_STACK", NAME);
        return environment;
    }

    AwsClients clients() {
        return emulators.clients(environment());
    }

    JobStore jobs() {
        return jobs;
    }

    ObjectStore objects() {
        return objects;
    }

    String uri(String key) {
        return "s3://" + bucket + "/" + key;
    }

    Simulator simulator() {
        return simulator;
    }

    /** The input of the execution of that name. */
    JsonNode input(String execution) throws IOException {
        return Json.mapper().readTree(find(execution).orElseThrow().input());
    }

    /** The names of all executions, oldest first. */
    synchronized List<String> executions() {
        return started.stream().map(each -> each.execution().name()).toList();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
            JsonNode request = Json.mapper().readTree(exchange.getRequestBody());
            Reply reply = reply(target.substring(target.indexOf('.') + 1), request);
            byte[] body = Json.mapper().writeValueAsBytes(reply.body());
            exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
            exchange.sendResponseHeaders(reply.status(), body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        }
    }

    private record Reply(int status, ObjectNode body) {
        static Reply of(ObjectNode body) {
            return new Reply(200, body);
        }

        static Reply error(String type, String message) {
            return new Reply(400, object().put("__type", type).put("message", message));
        }
    }

    private static ObjectNode object() {
        return Json.mapper().createObjectNode();
    }

    private Reply reply(String action, JsonNode request) {
        return switch (action) {
            case "GetParameter" -> parameter(request.path("Name").asText());
            case "StartExecution" -> start(request);
            case "DescribeExecution" ->
                withExecution(request, each -> Reply.of(described(each).put("input", each.input())));
            case "StopExecution" -> withExecution(request, this::stop);
            case "ListExecutions" -> list(request);
            default -> Reply.error("UnknownOperationException", action);
        };
    }

    private Reply parameter(String name) {
        ObjectNode value = object().put("stateMachineArn", MACHINE)
                .put("bucket", bucket)
                .put("table", table)
                .put("region", "us-east-1")
                .put("version", "test");
        return switch (name) {
            case "/reelbatch/" + NAME + "/outputs" -> value(name, value.toString());
            case "/reelbatch/" + FOREIGN + "/outputs" -> value(name, "{\"some\":\"thing\"}");
            case "/reelbatch/" + FORBIDDEN + "/outputs" ->
                Reply.error("AccessDeniedException", "User is not authorized to perform: ssm:GetParameter");
            default -> Reply.error("ParameterNotFound", "");
        };
    }

    private static Reply value(String name, String value) {
        ObjectNode body = object();
        body.putObject("Parameter").put("Name", name).put("Type", "String").put("Value", value);
        return Reply.of(body);
    }

    private synchronized Reply start(JsonNode request) {
        if (!request.path("stateMachineArn").asText().equals(MACHINE)) {
            return Reply.error("StateMachineDoesNotExist", "State Machine Does Not Exist");
        }
        String name = request.path("name").asText();
        String input = request.path("input").asText();
        try {
            Execution execution = run.start(name, (ObjectNode) Json.mapper().readTree(input));
            if (find(name).isEmpty()) {
                started.add(new Started(input, execution, execution.result().thenApply(result -> clock.instant())));
            }
            return Reply.of(
                    object().put("executionArn", execution.arn()).put("startDate", time(execution.startTime())));
        } catch (IllegalStateException taken) {
            return Reply.error("ExecutionAlreadyExists", "Execution Already Exists: " + name);
        } catch (IOException e) {
            return Reply.error("InvalidExecutionInput", e.toString());
        }
    }

    private interface OnExecution {
        Reply reply(Started started);
    }

    private Reply withExecution(JsonNode request, OnExecution action) {
        String arn = request.path("executionArn").asText();
        return find(arn.substring(arn.lastIndexOf(':') + 1))
                .map(action::reply)
                .orElseGet(() -> Reply.error("ExecutionDoesNotExist", "Execution Does Not Exist: '" + arn + "'"));
    }

    private synchronized Optional<Started> find(String name) {
        return started.stream()
                .filter(each -> each.execution().name().equals(name))
                .findFirst();
    }

    private Reply stop(Started each) {
        each.execution().stop("Stopped", "by a test");
        return Reply.of(object().put("stopDate", time(each.stopped().join())));
    }

    private static ObjectNode described(Started each) {
        ObjectNode body = object().put("executionArn", each.execution().arn())
                .put("stateMachineArn", MACHINE)
                .put("name", each.execution().name())
                .put("startDate", time(each.execution().startTime()));
        // Not the result's own future: what depends on it must have been told too.
        if (!each.stopped().isDone()) {
            return body.put("status", Status.RUNNING.name());
        }
        ExecutionResult result = each.execution().result().join();
        body.put("status", result.status().name())
                .put("stopDate", time(each.stopped().join()));
        result.error().ifPresent(error -> body.put("error", error));
        result.cause().ifPresent(cause -> body.put("cause", cause));
        result.output().ifPresent(output -> body.put("output", output.toString()));
        return body;
    }

    private synchronized Reply list(JsonNode request) {
        ObjectNode body = object();
        ArrayNode page = body.putArray("executions");
        int from = Integer.parseInt(request.path("nextToken").asText("0"));
        int to = Math.min(started.size(), from + request.path("maxResults").asInt());
        for (int i = from; i < to; i++) {
            page.add(described(started.get(started.size() - 1 - i)));
        }
        if (to < started.size()) {
            body.put("nextToken", Integer.toString(to));
        }
        return Reply.of(body);
    }

    private static double time(Instant moment) {
        return moment.toEpochMilli() / 1000.0;
    }

    @Override
    public void close() throws IOException {
        server.stop(0);
        run.close();
        provider.close();
        downloader.close();
        simulator.close();
        jobs.close();
        objects.close();
    }
}
