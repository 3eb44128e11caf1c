package io.reelbatch.cli.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.reelbatch.domain.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the callback server reads, and of whom. */
class WebhookServerTest {
    private static final int LARGE = 2 * 1024 * 1024;

    private final WebhookServer server;
    private final HttpClient client = HttpClient.newHttpClient();
    private final ConcurrentLinkedQueue<Integer> lengths = new ConcurrentLinkedQueue<>();
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger mostInside = new AtomicInteger();

    WebhookServerTest() throws IOException {
        server = new WebhookServer(0);
    }

    @AfterEach
    void close() {
        server.close();
    }

    /** Notes how long a body is and how many are handled at once. */
    private RequestStreamHandler noting() {
        return (in, out, context) -> {
            mostInside.accumulateAndGet(inside.incrementAndGet(), Math::max);
            String body = Json.mapper().readTree(in).path("body").asText();
            lengths.add(Base64.getDecoder().decode(body).length);
            inside.decrementAndGet();
            out.write("{\"statusCode\": 200}".getBytes(UTF_8));
        };
    }

    private CompletableFuture<Integer> post(String reference, BodyPublisher body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + "/" + reference))
                .POST(body)
                .build();
        return client.sendAsync(request, BodyHandlers.discarding()).thenApply(HttpResponse::statusCode);
    }

    @Test
    void whoeverDoesNotKnowAnAddressIsAnsweredBeforeABodyIsSent() throws IOException {
        server.handTo(noting(), "known"::equals);

        try (Socket socket = new Socket(
                InetAddress.getByAddress(new byte[] {127, 0, 0, 1}),
                server.url().getPort())) {
            socket.getOutputStream()
                    .write("POST /webhooks/guessed HTTP/1.1\r\nHost: here\r\nContent-Length: 60000000\r\n\r\n"
                            .getBytes(UTF_8));
            BufferedReader answer = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
            assertThat(answer.readLine()).startsWith("HTTP/1.1 404");
        }
        assertThat(lengths).isEmpty();
    }

    @Test
    void beforeThereIsAReceiverACallbackIsPutOff() {
        assertThat(post("known", BodyPublishers.ofString("{}")).join()).isEqualTo(503);
    }

    @Test
    void ofLargeBodiesOneAtATimeIsTaken() {
        server.handTo(noting(), "known"::equals);

        List<CompletableFuture<Integer>> answers = IntStream.range(0, 6)
                .mapToObj(i -> post("known", BodyPublishers.ofByteArray(new byte[LARGE])))
                .toList();

        assertThat(answers).allSatisfy(answer -> assertThat(answer.join()).isEqualTo(200));
        assertThat(lengths).hasSize(6).containsOnly(LARGE);
        assertThat(mostInside).hasValue(1);
    }

    @Test
    void aBodyInChunksIsTakenToo() {
        server.handTo(noting(), "known"::equals);
        BodyPublisher chunks = BodyPublishers.fromPublisher(BodyPublishers.ofString("{\"payload\": {}}"));

        assertThat(post("known", chunks).join()).isEqualTo(200);
        assertThat(lengths).containsExactly(15);
    }
}
