package io.reelbatch.adapters.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.reelbatch.domain.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The calls of Step Functions, Secrets Manager and SQS that functions make, over HTTP as AWS speaks them; also a
 * table and a bucket in which nothing is found, for those who only want to know who asked.
 */
public final class FakeAws implements AutoCloseable {
    /** The state machine whose executions it knows. */
    public static final String MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:reelbatch-batch";

    private final HttpServer server;
    private final Map<String, ObjectNode> executions = new ConcurrentHashMap<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final Map<String, List<JsonNode>> messages = new ConcurrentHashMap<>();
    private final List<String> postponed = new CopyOnWriteArrayList<>();
    private volatile String secret = "";
    private volatile boolean broken;
    private final Map<String, String> ended = new ConcurrentHashMap<>();
    private volatile Optional<String> tokenRefusal = Optional.empty();

    public FakeAws() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    /** What the secret holds from now on. */
    public void secret(String text) {
        secret = text;
    }

    /** Whether every call is refused for a passing reason from now on. */
    public void broken(boolean now) {
        broken = now;
    }

    /** Makes an execution that there has been all along. */
    public String execution(String name, String status, String input) {
        String arn = MACHINE.replace(":stateMachine:", ":execution:") + ":" + name;
        ObjectNode known = Json.mapper().createObjectNode();
        known.put("executionArn", arn).put("stateMachineArn", MACHINE).put("name", name);
        known.put("status", status).put("input", input).put("startDate", 1.0E9);
        executions.put(name, known);
        return arn;
    }

    /** Inputs by name of everything that was started. */
    public JsonNode input(String name) throws IOException {
        ObjectNode known = Objects.requireNonNull(executions.get(name), name);
        return Json.mapper().readTree(known.path("input").asText());
    }

    public List<String> executions() {
        return executions.keySet().stream().sorted().toList();
    }

    /** Every request to send a message to that queue so far. */
    public List<JsonNode> messages(String queueUrl) {
        return List.copyOf(messages.getOrDefault(queueUrl, List.of()));
    }

    /** Receipt handle and seconds of everything that was postponed, such as {@code r-1 5}. */
    public List<String> postponed() {
        return List.copyOf(postponed);
    }

    /** What the tasks that wait for a token were ended with, output or error, by their tokens. */
    public Map<String, String> endedTasks() {
        return Map.copyOf(ended);
    }

    /** What is answered from now on to whoever ends a task by its token, such as {@code TaskTimedOut}. */
    public void refuseTokens(String error) {
        tokenRefusal = Optional.of(error);
    }

    /** Every call so far, such as {@code StartExecution}. */
    public List<String> calls() {
        return List.copyOf(calls);
    }

    /** The environment variables with which a client finds it. */
    public Map<String, String> environment() {
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        return Map.of(
                "AWS_ENDPOINT_URL_SFN", url, "AWS_ENDPOINT_URL_SECRETS_MANAGER", url, "AWS_ENDPOINT_URL_SQS", url);
    }

    /** The environment variables with which all clients find it. */
    public Map<String, String> environmentOfAll() {
        return Map.of(
                "AWS_ENDPOINT_URL", "http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (exchange.getRequestMethod().equals("HEAD")) {
                calls.add("HeadObject");
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            JsonNode request = Json.mapper().readTree(exchange.getRequestBody());
            String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
            String call = target.substring(target.indexOf('.') + 1);
            calls.add(call);
            if (broken) {
                send(exchange, 400, error("ThrottlingException"));
                return;
            }
            switch (call) {
                case "StartExecution" -> start(exchange, request);
                case "DescribeExecution" -> describe(exchange, request);
                case "SendTaskSuccess", "SendTaskFailure" -> endTask(exchange, request);
                case "GetSecretValue" ->
                    send(exchange, 200, Json.mapper().createObjectNode().put("SecretString", secret));
                case "SendMessage" -> take(exchange, request);
                case "ChangeMessageVisibility" -> {
                    postponed.add(request.path("ReceiptHandle").asText() + " "
                            + request.path("VisibilityTimeout").asText());
                    send(exchange, 200, Json.mapper().createObjectNode());
                }
                case "GetItem" -> send(exchange, 200, Json.mapper().createObjectNode());
                default -> send(exchange, 400, error("UnknownOperationException"));
            }
        }
    }

    /** As Step Functions does it: the same name and input while it runs is the same execution, anything else is refused. */
    private void start(HttpExchange exchange, JsonNode request) throws IOException {
        String name = request.path("name").asText();
        String input = request.path("input").asText();
        ObjectNode before = executions.get(name);
        boolean same = before != null
                && before.path("input").asText().equals(input)
                && before.path("status").asText().equals("RUNNING");
        if (before != null && !same) {
            send(exchange, 400, error("ExecutionAlreadyExists"));
            return;
        }
        String arn = execution(name, "RUNNING", input);
        send(
                exchange,
                200,
                Json.mapper().createObjectNode().put("executionArn", arn).put("startDate", 1.0E9));
    }

    private void take(HttpExchange exchange, JsonNode request) throws IOException {
        messages.computeIfAbsent(request.path("QueueUrl").asText(), url -> new CopyOnWriteArrayList<>())
                .add(request);
        ObjectNode answer = Json.mapper().createObjectNode().put("MessageId", "m-" + calls.size());
        answer.put("MD5OfMessageBody", md5(request.path("MessageBody").asText().getBytes(StandardCharsets.UTF_8)));
        if (!request.path("MessageAttributes").isEmpty()) {
            answer.put("MD5OfMessageAttributes", md5(encoded(request.path("MessageAttributes"))));
        }
        send(exchange, 200, answer);
    }

    /**
     * As SQS does it for texts.
     *
     * @see <a href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html">its
     *     documentation</a>
     */
    private static byte[] encoded(JsonNode attributes) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        for (Map.Entry<String, JsonNode> attribute : attributes.properties()) {
            write(out, attribute.getKey());
            write(out, attribute.getValue().path("DataType").asText());
            out.writeByte(1);
            write(out, attribute.getValue().path("StringValue").asText());
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String md5(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }

    private void describe(HttpExchange exchange, JsonNode request) throws IOException {
        String arn = request.path("executionArn").asText();
        ObjectNode known = executions.get(arn.substring(arn.lastIndexOf(':') + 1));
        send(exchange, known == null ? 400 : 200, known == null ? error("ExecutionDoesNotExist") : known);
    }

    private void endTask(HttpExchange exchange, JsonNode request) throws IOException {
        if (tokenRefusal.isPresent()) {
            send(exchange, 400, error(tokenRefusal.get()));
            return;
        }
        String how = request.path("output").asText(request.path("error").asText());
        ended.put(request.path("taskToken").asText(), how);
        send(exchange, 200, Json.mapper().createObjectNode());
    }

    private static ObjectNode error(String type) {
        return Json.mapper().createObjectNode().put("__type", type).put("message", "said the stand-in");
    }

    private static void send(HttpExchange exchange, int status, JsonNode body) throws IOException {
        byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
