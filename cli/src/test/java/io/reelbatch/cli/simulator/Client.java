package io.reelbatch.cli.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;

/** The requests a client of the provider makes. */
final class Client {
    static final String FLUX = "black-forest-labs/flux-2-pro/text-to-image";
    static final String SEEDANCE = "bytedance/seedance-v1.5-pro/text-to-video";

    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String base;

    Client(Simulator simulator) {
        this.base = simulator.baseUrl().toString();
    }

    static String image(String prompt) {
        return JSON.createObjectNode().put("model", FLUX).put("prompt", prompt).toString();
    }

    static String clip(String prompt, int seconds) {
        return JSON.createObjectNode()
                .put("model", SEEDANCE)
                .put("prompt", prompt)
                .put("duration", seconds)
                .toString();
    }

    static JsonNode json(HttpResponse<byte[]> answer) throws IOException {
        return JSON.readTree(answer.body());
    }

    HttpResponse<byte[]> post(String path, String body, String... headers) throws IOException, InterruptedException {
        return http.send(
                request(path, headers).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofByteArray());
    }

    HttpResponse<byte[]> get(String path, String... headers) throws IOException, InterruptedException {
        return http.send(request(path, headers).build(), BodyHandlers.ofByteArray());
    }

    CompletableFuture<HttpResponse<byte[]>> getLater(String path) {
        return http.sendAsync(request(path).build(), BodyHandlers.ofByteArray());
    }

    CompletableFuture<HttpResponse<byte[]>> postLater(String path, String body) {
        return http.sendAsync(request(path).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofByteArray());
    }

    HttpResponse<byte[]> submit(String body) throws IOException, InterruptedException {
        boolean clip = body.contains("video");
        return post(clip ? "/model/generateVideo" : "/model/generateImage", body);
    }

    /** Submits a job that must be accepted, and gives its id. */
    String accepted(String body) throws IOException, InterruptedException {
        return json(submit(body)).at("/data/id").asText();
    }

    JsonNode poll(String id) throws IOException, InterruptedException {
        return json(get("/model/prediction/" + id));
    }

    /** The first output's URL of a job that is done. */
    String output(String id) throws IOException, InterruptedException {
        return poll(id).at("/data/outputs/0").asText();
    }

    private HttpRequest.Builder request(String path, String... headers) {
        URI uri = URI.create(path.startsWith("http") ? path : base + path);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri);
        return headers.length == 0 ? request : request.headers(headers);
    }
}
