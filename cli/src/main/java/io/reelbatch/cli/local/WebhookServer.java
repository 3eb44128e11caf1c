package io.reelbatch.cli.local;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.reelbatch.domain.json.Json;
import io.reelbatch.handlers.ReceiveWebhook;
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
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens on the loopback address for callbacks and hands them on as events of an HTTP API. A request to an unknown
 * address is answered with 404 and its body is not read. Bodies over 1 MB are read one at a time, bodies over 64 MB not
 * at all. The time limit for a request to arrive is set for the JVM: {@code -Dsun.net.httpserver.maxReqTime}, in
 * seconds.
 */
public final class WebhookServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookServer.class);
    private static final int BACKLOG = 256;
    private static final int THREADS = 8;
    /** A callback with outputs inside is as long as they are. */
    private static final int LONGEST_BODY = 64 * 1024 * 1024;
    /** Bodies up to this size may be read by all threads at once. */
    private static final int SMALL_BODY = 1024 * 1024;

    private final HttpServer server;
    private final ExecutorService threads;
    private final Semaphore large = new Semaphore(1);
    private volatile Optional<Receiver> receiver = Optional.empty();

    private record Receiver(RequestStreamHandler handler, Predicate<String> expected) {}

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
    public void handTo(ReceiveWebhook other) {
        handTo(other, other::expects);
    }

    /**
     * From now on callbacks go there.
     *
     * @param expected whether the last part of a path is an address that somebody was given
     */
    public void handTo(RequestStreamHandler other, Predicate<String> expected) {
        receiver = Optional.of(new Receiver(other, expected));
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
        if (!exchange.getRequestMethod().equals("POST")) {
            return 404;
        }
        Optional<Receiver> there = receiver;
        if (there.isEmpty()) {
            return 503;
        }
        String path = exchange.getRequestURI().getPath();
        String reference = path.substring(path.lastIndexOf('/') + 1);
        return there.get().expected().test(reference) ? status(there.get().handler(), exchange, reference) : 404;
    }

    private int status(RequestStreamHandler handler, HttpExchange exchange, String reference) throws IOException {
        if (isSmall(exchange)) {
            return received(handler, exchange, reference);
        }
        large.acquireUninterruptibly();
        try {
            return received(handler, exchange, reference);
        } finally {
            large.release();
        }
    }

    /** A body that comes in chunks may be of any length. */
    private static boolean isSmall(HttpExchange exchange) {
        Optional<String> length =
                Optional.ofNullable(exchange.getRequestHeaders().getFirst("Content-Length"));
        return length.map(Long::parseLong).filter(bytes -> bytes <= SMALL_BODY).isPresent();
    }

    private static int received(RequestStreamHandler handler, HttpExchange exchange, String reference)
            throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(LONGEST_BODY + 1);
        return body.length > LONGEST_BODY ? 413 : status(handler, event(exchange, reference, body));
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

    private static ObjectNode event(HttpExchange exchange, String reference, byte[] body) {
        ObjectNode event = Json.mapper().createObjectNode();
        ObjectNode headers = event.putObject("headers");
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), String.join(",", values)));
        event.putObject("pathParameters").put("reference", reference);
        event.put("isBase64Encoded", true).put("body", Base64.getEncoder().encodeToString(body));
        return event;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
