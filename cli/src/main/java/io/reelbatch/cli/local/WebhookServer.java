package io.reelbatch.cli.local;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.reelbatch.domain.json.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens on the loopback address for callbacks and hands them on as events of an HTTP API. */
public final class WebhookServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookServer.class);
    private static final int BACKLOG = 256;
    private static final int THREADS = 8;
    /** A callback with outputs inside is as long as they are. */
    private static final int LONGEST_BODY = 64 * 1024 * 1024;

    private final HttpServer server;
    private final ExecutorService threads;
    private volatile Optional<RequestStreamHandler> receiver = Optional.empty();

    /**
     * Listens; until there is a receiver every callback is answered 503.
     *
     * @param port 0 picks a free one
     * @throws IOException if the port is taken
     */
    public WebhookServer(int port) throws IOException {
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        server = HttpServer.create(new InetSocketAddress(loopback, port), BACKLOG);
        threads = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "reelbatch-webhook");
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    /** Where it listens: {@code http://127.0.0.1:PORT/webhooks}. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/webhooks");
    }

    /** From now on callbacks go there. */
    public void handTo(RequestStreamHandler other) {
        receiver = Optional.of(other);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            int status = status(exchange);
            exchange.sendResponseHeaders(status, -1);
        } catch (RuntimeException e) {
            LOG.atWarn().setMessage("a callback was not taken").setCause(e).log();
        }
    }

    private int status(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        if (!exchange.getRequestMethod().equals("POST")) {
            return 404;
        }
        byte[] body = exchange.getRequestBody().readNBytes(LONGEST_BODY + 1);
        if (body.length > LONGEST_BODY) {
            return 413;
        }
        return receiver.isPresent() ? status(receiver.get(), event(exchange, path, body)) : 503;
    }

    private static int status(RequestStreamHandler receiver, ObjectNode event) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] in = event.toString().getBytes(StandardCharsets.UTF_8);
            LocalContext context = new LocalContext(
                    "ReceiveWebhook",
                    "local",
                    Clock.systemUTC().instant().plus(LocalRun.timeout("ReceiveWebhook")),
                    Clock.systemUTC());
            receiver.handleRequest(new ByteArrayInputStream(in), out, context);
            JsonNode reply = Json.mapper().readTree(out.toByteArray());
            return reply.path("statusCode").asInt(500);
        } catch (IOException | RuntimeException e) {
            LOG.atWarn().setMessage("a callback was not taken").setCause(e).log();
            return 500;
        }
    }

    private static ObjectNode event(HttpExchange exchange, String path, byte[] body) {
        ObjectNode event = Json.mapper().createObjectNode();
        ObjectNode headers = event.putObject("headers");
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), String.join(",", values)));
        event.putObject("pathParameters").put("reference", path.substring(path.lastIndexOf('/') + 1));
        event.put("isBase64Encoded", true).put("body", Base64.getEncoder().encodeToString(body));
        return event;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
