package io.reelbatch.cli.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/** One request and the ways to answer it, rude ones included. */
final class Connection {
    private static final String BAD_GATEWAY = """
            <html>
            <head><title>502 Bad Gateway</title></head>
            <body><center><h1>502 Bad Gateway</h1></center></body>
            </html>
            """;

    private final HttpExchange exchange;
    private final Set<HttpExchange> hanging;

    /**
     * Wraps an exchange.
     *
     * @param hanging where exchanges go that are never answered, to be closed with the server
     */
    Connection(HttpExchange exchange, Set<HttpExchange> hanging) {
        this.exchange = exchange;
        this.hanging = hanging;
    }

    String method() {
        return exchange.getRequestMethod();
    }

    /** Path without the query, decoded. */
    String path() {
        return exchange.getRequestURI().getPath();
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name));
    }

    void setHeader(String name, String value) {
        exchange.getResponseHeaders().set(name, value);
    }

    /** The body, up to {@code most} bytes and one more, by which a caller sees that it is longer. */
    byte[] body(int most) throws IOException {
        return exchange.getRequestBody().readNBytes(most + 1);
    }

    void json(int status, JsonNode answer) throws IOException {
        send(status, "application/json", answer.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** A page as an edge server in front of the API sends it. */
    void html(int status) throws IOException {
        String page = BAD_GATEWAY.replace("502 Bad Gateway", status + " " + reason(status));
        send(status, "text/html", page.getBytes(StandardCharsets.UTF_8));
    }

    /** A whole body; only its headers where the method is HEAD. */
    void send(int status, String contentType, byte[] bytes) throws IOException {
        send(status, contentType, bytes, 0, bytes.length);
    }

    void send(int status, String contentType, byte[] bytes, int from, int length) throws IOException {
        setHeader("Content-Type", contentType);
        if ("HEAD".equals(method())) {
            setHeader("Content-Length", Integer.toString(length));
            exchange.sendResponseHeaders(status, -1);
        } else {
            exchange.sendResponseHeaders(status, length == 0 ? -1 : length);
            if (length > 0) {
                exchange.getResponseBody().write(bytes, from, length);
            }
        }
        exchange.close();
    }

    void empty(int status) throws IOException {
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    /** Announces the whole body, sends the first half, closes the connection. */
    void cut(String contentType, byte[] bytes) throws IOException {
        setHeader("Content-Type", contentType);
        exchange.sendResponseHeaders(200, bytes.length);
        OutputStream out = exchange.getResponseBody();
        out.write(bytes, 0, bytes.length / 2);
        out.flush();
        exchange.close();
    }

    /** Closes the connection without an answer. */
    void drop() {
        exchange.close();
    }

    /** Leaves the client waiting; no thread waits with it. */
    void hang() {
        hanging.add(exchange);
    }

    private static String reason(int status) {
        return switch (status) {
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 500 -> "Internal Server Error";
            case 502 -> "Bad Gateway";
            default -> "Error";
        };
    }
}
