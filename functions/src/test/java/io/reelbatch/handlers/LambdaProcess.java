package io.reelbatch.handlers;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A handler from the jar that is deployed, in a process of its own, under the runtime that Lambda runs it with; this process
 * plays Lambda's Runtime API.
 */
final class LambdaProcess implements AutoCloseable {
    /** For a JVM to start on a busy machine; a process that has ended is noticed at once. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /**
     * What a function answered.
     *
     * @param failed whether it reported an error instead of a result
     */
    record Answer(boolean failed, String body) {}

    private record Invocation(String event, Duration timeout) {}

    private final HttpServer api;
    private final Process process;
    private final Path log;
    private final BlockingQueue<Invocation> invocations = new LinkedBlockingQueue<>();
    private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();

    LambdaProcess(String handler, Map<String, String> environment, Path log, String... options) throws IOException {
        this.log = log;
        api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        api.createContext("/2018-06-01/runtime/invocation/next", this::next);
        api.createContext("/2018-06-01/runtime/invocation/", this::take);
        api.createContext("/2018-06-01/runtime/init/error", this::take);
        api.setExecutor(task -> {
            Thread thread = new Thread(task, "runtime-api");
            thread.setDaemon(true);
            thread.start();
        });
        api.start();
        process = start(handler, environment, options);
    }

    private Process start(String handler, Map<String, String> environment, String... options) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(Arrays.asList(options));
        command.addAll(
                List.of("-cp", classPath(), "com.amazonaws.services.lambda.runtime.api.client.AWSLambda", handler));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("AWS_") || name.startsWith("REELBATCH_"));
        builder.environment()
                .put("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:" + api.getAddress().getPort());
        builder.environment().put("AWS_LAMBDA_FUNCTION_NAME", "function");
        builder.environment().put("AWS_LAMBDA_FUNCTION_VERSION", "1");
        builder.environment().put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512");
        builder.environment().put("AWS_LAMBDA_LOG_GROUP_NAME", "group");
        builder.environment().put("AWS_LAMBDA_LOG_STREAM_NAME", "stream");
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** The deployed jar, and of this test's own class path nothing but the runtime. */
    private static String classPath() {
        Path jar = Path.of("target", "reelbatch-lambda.jar").toAbsolutePath();
        if (!Files.exists(jar)) {
            throw new IllegalStateException(jar + " is missing: `mvn -pl functions -am package` builds it.");
        }
        String runtime = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> entry.contains("aws-lambda-java-runtime-interface-client")
                        || entry.contains("aws-lambda-java-core")
                        || entry.contains("aws-lambda-java-serialization"))
                .collect(Collectors.joining(File.pathSeparator));
        return jar + File.pathSeparator + runtime;
    }

    private void next(HttpExchange exchange) throws IOException {
        try (exchange) {
            Invocation invocation = invocations.take();
            Headers headers = exchange.getResponseHeaders();
            // Without it the runtime's native client crashes.
            headers.set("Content-Type", "application/json");
            headers.set("Lambda-Runtime-Aws-Request-Id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd");
            headers.set(
                    "Lambda-Runtime-Deadline-Ms",
                    String.valueOf(Instant.now().plus(invocation.timeout()).toEpochMilli()));
            headers.set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:123456789012:function:f:live");
            headers.set("Lambda-Runtime-Trace-Id", "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=0");
            byte[] event = invocation.event().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, event.length);
            exchange.getResponseBody().write(event);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            answers.add(new Answer(exchange.getRequestURI().getPath().endsWith("/error"), body));
            exchange.sendResponseHeaders(202, -1);
        }
    }

    /** Invokes the function with that much time. */
    Answer invoke(String event, Duration timeout) throws IOException, InterruptedException {
        invocations.add(new Invocation(event, timeout));
        Instant end = Instant.now().plus(PATIENCE);
        while (Instant.now().isBefore(end)) {
            Answer answer = answers.poll(200, TimeUnit.MILLISECONDS);
            if (answer != null) {
                return answer;
            }
            if (!process.isAlive()) {
                Answer last = answers.poll();
                return last == null ? new Answer(true, "the process ended: " + Files.readString(log)) : last;
            }
        }
        throw new IllegalStateException("no answer; the function said: " + Files.readString(log));
    }

    /** What it has written so far. */
    String log() throws IOException {
        return Files.readString(log);
    }

    @Override
    public void close() {
        process.destroyForcibly();
        api.stop(0);
    }
}
