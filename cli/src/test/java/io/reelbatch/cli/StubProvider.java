package io.reelbatch.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A provider that quotes, accepts everything, and counts. */
final class StubProvider implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger quotes = new AtomicInteger();
    private final AtomicInteger submits = new AtomicInteger();

    private StubProvider(HttpServer server) {
        this.server = server;
    }

    /** Starts one whose answers to quotes have this status and body. */
    static StubProvider quoting(int status, String body) throws IOException {
        StubProvider stub = new StubProvider(HttpServer.create(
                new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 100));
        stub.server.createContext("/api/v1/model/calculate", exchange -> {
            stub.quotes.incrementAndGet();
            answer(exchange, status, body);
        });
        stub.server.createContext(
                "/api/v1/model/generateImage",
                exchange -> answer(
                        exchange,
                        200,
                        "{\"code\":200,\"data\":{\"id\":\"p-" + stub.submits.incrementAndGet()
                                + "\",\"status\":\"created\"}}"));
        stub.server.setExecutor(stub.threads);
        stub.server.start();
        return stub;
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getRequestBody().readAllBytes();
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    URI baseUrl() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/api/v1");
    }

    /** How often it was asked for a price. */
    int quotes() {
        return quotes.get();
    }

    /** How many requests it accepted. */
    int submits() {
        return submits.get();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
