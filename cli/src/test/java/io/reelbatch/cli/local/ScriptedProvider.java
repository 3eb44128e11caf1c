package io.reelbatch.cli.local;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A provider whose answers a test writes itself, for what the simulator never says. */
final class ScriptedProvider implements AutoCloseable {
    /** A whole picture of one pixel. */
    static final byte[] PIXEL = Base64.getDecoder()
            .decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> requests = new CopyOnWriteArrayList<>();

    /** What is sent back. */
    static final class Answer {
        private final int status;
        private final String type;
        private final byte[] body;

        private Answer(int status, String type, byte[] body) {
            this.status = status;
            this.type = type;
            this.body = body;
        }

        static Answer json(int status, String body) {
            return new Answer(status, "application/json", body.getBytes(StandardCharsets.UTF_8));
        }

        static Answer html(int status) {
            return new Answer(status, "text/html", "<html><p>Sorry.</p></html>".getBytes(StandardCharsets.UTF_8));
        }

        static Answer png() {
            return new Answer(200, "image/png", PIXEL);
        }
    }

    /** Gives the answer to a request. */
    @FunctionalInterface
    interface Script {
        /**
         * Answers a request.
         *
         * @param times how often something at this path was asked for before
         */
        Answer answer(int times);
    }

    ScriptedProvider() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 64);
        server.setExecutor(threads);
        server.start();
    }

    /** Answers everything below a path; the longest path that fits counts. */
    ScriptedProvider on(String path, Script script) {
        int[] times = {0};
        server.createContext(path, exchange -> {
            synchronized (times) {
                requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
                send(exchange, script.answer(times[0]++));
            }
        });
        return this;
    }

    ScriptedProvider onSubmit(Script script) {
        return on("/api/v1/model/generateImage", script);
    }

    ScriptedProvider onPoll(Script script) {
        return on("/api/v1/model/prediction/", script);
    }

    /** Accepts every submit, under the same id. */
    ScriptedProvider accepting() {
        return onSubmit(
                times -> Answer.json(200, "{'code':200,'data':{'id':'p1','status':'created'}}".replace('\'', '"')));
    }

    /** Says of every prediction that it is done, with these outputs. */
    ScriptedProvider completing(String... outputs) {
        String list = "\"" + String.join("\",\"", outputs) + "\"";
        return onPoll(times -> Answer.json(
                200, "{\"code\":200,\"data\":{\"id\":\"p1\",\"status\":\"completed\",\"outputs\":[" + list + "]}}"));
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("Content-Type", answer.type);
            exchange.sendResponseHeaders(answer.status, answer.body.length);
            exchange.getResponseBody().write(answer.body);
        }
    }

    /** An address of a file on this server. */
    String file(String name) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/files/" + name;
    }

    URI baseUrl() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/api/v1");
    }

    /** Every request so far, such as {@code GET /files/a.png}. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    long count(String start) {
        return requests.stream().filter(request -> request.startsWith(start)).count();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
