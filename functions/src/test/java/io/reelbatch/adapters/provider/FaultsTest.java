package io.reelbatch.adapters.provider;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import io.reelbatch.domain.job.BatchSettings.ProviderApi;
import io.reelbatch.domain.json.Json;
import io.reelbatch.domain.provider.PollAnswer;
import io.reelbatch.domain.provider.SubmitAnswer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the network can do to a request. */
@Timeout(30)
class FaultsTest extends ProviderTestBase {
    private static final Duration SHORT = Duration.ofMillis(300);
    /** Long enough for a connection to come about on a busy machine. */
    private static final Duration PAST_CONNECTING = Duration.ofMillis(1500);

    private static final String ACCEPTED = "{\"code\":200,\"data\":{\"id\":\"pred-1\"}}";
    private static final String PENDING = "{\"data\":{\"status\":\"processing\"}}";

    @Test
    void aRefusedConnectionMeansNothingWasSent() throws IOException {
        URI nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = URI.create("http://127.0.0.1:" + socket.getLocalPort());
        }

        assertThat(submit(nobody, TIMEOUT)).isInstanceOf(SubmitAnswer.NotSent.class);
        assertThat(poll(nobody)).isInstanceOf(PollAnswer.Unavailable.class);
    }

    @Test
    void aHostNameThatDoesNotExistMeansNothingWasSent() {
        assertThat(submit(URI.create("http://provider.invalid"), TIMEOUT))
                .isInstanceOfSatisfying(
                        SubmitAnswer.NotSent.class,
                        notSent -> assertThat(notSent.message()).contains("provider.invalid"));
    }

    @Test
    void aCertificateNobodyTrustsMeansNothingWasSent() {
        WireMockServer server = new WireMockServer(
                WireMockConfiguration.wireMockConfig().dynamicPort().dynamicHttpsPort());
        server.start();
        try {
            SubmitAnswer answer = submit(URI.create("https://localhost:" + server.httpsPort()), TIMEOUT);

            assertThat(answer).isInstanceOf(SubmitAnswer.NotSent.class);
            assertThat(server.getAllServeEvents()).isEmpty();
        } finally {
            server.stop();
        }
    }

    @Test
    void aServerThatDoesNotSpeakTlsMeansNothingWasSent() throws IOException {
        try (RawServer server = RawServer.sends("")) {
            URI https = URI.create("https://127.0.0.1:" + server.url().getPort());

            assertThat(client(settings(https, ProviderApi.ATLAS).withTimeouts(SHORT, SHORT, SHORT))
                            .submit("generateImage", body(), TIMEOUT))
                    .isInstanceOf(SubmitAnswer.NotSent.class);
        }
    }

    @Test
    void aConnectionThatNeverComesAboutMeansNothingWasSent() throws IOException {
        // With its backlog of one taken, the kernel leaves further connections to this listener hanging.
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket first = new Socket(full.getInetAddress(), full.getLocalPort());
                Socket second = new Socket(full.getInetAddress(), full.getLocalPort())) {
            assertThat(first.isConnected() && second.isConnected()).isTrue();
            URI url = URI.create("http://127.0.0.1:" + full.getLocalPort());

            assertThat(client(settings(url, ProviderApi.ATLAS).withTimeouts(SHORT, TIMEOUT, TIMEOUT))
                            .submit("generateImage", body(), TIMEOUT))
                    .isInstanceOf(SubmitAnswer.NotSent.class);
            assertThat(submit(url, SHORT)).isInstanceOf(SubmitAnswer.NotSent.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 200 OK\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"data\":{\"id\":\"pre",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{\"data\"",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense",
                "SSH-2.0-OpenSSH_9.2\r\n",
            })
    void anAnswerThatBreaksOffIsLostAndNotAskedForAgain(String answer) throws IOException {
        try (RawServer server = RawServer.sends(answer)) {
            assertThat(submit(server.url(), TIMEOUT)).isInstanceOf(SubmitAnswer.Lost.class);
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void anAnswerThatBreaksOffAfterItsLastBraceStillCounts() throws IOException {
        try (RawServer server = RawServer.sends("HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n" + ACCEPTED)) {
            assertThat(submit(server.url(), TIMEOUT))
                    .isInstanceOfSatisfying(
                            SubmitAnswer.Accepted.class,
                            accepted -> assertThat(accepted.predictionId()).contains("pred-1"));
        }
    }

    @Test
    void silenceAfterSendingIsLost() throws IOException {
        CountDownLatch never = new CountDownLatch(1);
        try (RawServer server = new RawServer((request, out) -> hang(never))) {
            assertThat(submit(server.url(), PAST_CONNECTING)).isInstanceOf(SubmitAnswer.Lost.class);
            assertThat(client(settings(server.url(), ProviderApi.ATLAS).withTimeouts(TIMEOUT, PAST_CONNECTING, TIMEOUT))
                            .poll("pred-1", Optional.empty()))
                    .isInstanceOf(PollAnswer.Unavailable.class);
            never.countDown();
        }
    }

    @Test
    void aServerThatDripsItsAnswerCannotOutlastTheTimeout() throws IOException {
        try (RawServer server = new RawServer((request, out) -> {
            out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            while (true) {
                out.write(' ');
                out.flush();
            }
        })) {
            assertThat(submit(server.url(), PAST_CONNECTING))
                    .isInstanceOfSatisfying(
                            SubmitAnswer.Lost.class,
                            lost -> assertThat(lost.message()).startsWith("no whole answer within"));
        }
    }

    @Test
    void anAnswerWithoutEndIsCutOffAtTheLimit() throws IOException {
        byte[] block = " ".repeat(64 << 10).getBytes(StandardCharsets.US_ASCII);
        try (RawServer server = new RawServer((request, out) -> {
            out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            while (true) {
                out.write(block);
            }
        })) {
            ProviderClient client =
                    client(settings(server.url(), ProviderApi.ATLAS).withMaxAnswerBytes(1 << 20));

            assertThat(client.submit("generateImage", body(), TIMEOUT))
                    .isInstanceOfSatisfying(
                            SubmitAnswer.Lost.class,
                            lost -> assertThat(lost.message()).contains("longer than 1048576 bytes"));
            assertThat(client.poll("pred-1", Optional.empty())).isInstanceOf(PollAnswer.Unavailable.class);
        }
    }

    @Test
    void everySubmitGetsAConnectionOfItsOwn() throws IOException {
        try (RawServer server = keepsConnections(ACCEPTED)) {
            ProviderClient client = client(settings(server.url(), ProviderApi.ATLAS));

            client.submit("generateImage", body(), TIMEOUT);
            client.submit("generateImage", body(), TIMEOUT);
            client.submit("generateImage", body(), TIMEOUT);

            assertThat(server.connections()).isEqualTo(3);
        }
    }

    @Test
    void pollsShareAConnection() throws IOException {
        try (RawServer server = keepsConnections(PENDING)) {
            ProviderClient client = client(settings(server.url(), ProviderApi.ATLAS));

            client.poll("pred-1", Optional.empty());
            client.poll("pred-1", Optional.empty());
            client.poll("pred-1", Optional.empty());

            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void aPollOnAConnectionThatTheServerHasClosedIsSentOnAnother() throws IOException {
        // The server says it keeps the connection, then closes it once the next request is in.
        try (RawServer server = new RawServer((request, out) -> {
            if (request == 2) {
                return false;
            }
            out.write(RawServer.answer("200 OK", "", PENDING).getBytes(StandardCharsets.US_ASCII));
            return true;
        })) {
            ProviderClient client = client(settings(server.url(), ProviderApi.ATLAS));

            assertThat(client.poll("pred-1", Optional.empty())).isInstanceOf(PollAnswer.Pending.class);
            assertThat(client.poll("pred-1", Optional.empty())).isInstanceOf(PollAnswer.Pending.class);
            assertThat(server.requests()).hasSize(3);
        }
    }

    @Test
    void aRefusalThatComesBeforeTheWholeBodyWasSentIsHeard() throws Exception {
        int size = 32 << 20;
        CompletableFuture<Long> received = new CompletableFuture<>();
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread server = new Thread(() -> received.completeAsync(() -> refuseAtOnce(listener), Runnable::run));
            server.setDaemon(true);
            server.start();
            URI url = URI.create("http://127.0.0.1:" + listener.getLocalPort());

            SubmitAnswer answer = client(settings(url, ProviderApi.ATLAS))
                    .submit("generateImage", Json.mapper().createObjectNode().put("image", "A".repeat(size)), TIMEOUT);

            assertThat(answer).isInstanceOf(SubmitAnswer.Refused.class);
            assertThat(received.get(10, TimeUnit.SECONDS)).isPositive();
        }
    }

    @Test
    void aClosedClientSendsNothing() throws IOException {
        try (RawServer server = keepsConnections(ACCEPTED)) {
            ProviderClient client = client(settings(server.url(), ProviderApi.ATLAS));
            client.close();

            assertThat(client.submit("generateImage", body(), TIMEOUT)).isInstanceOf(SubmitAnswer.NotSent.class);
            assertThat(client.poll("pred-1", Optional.empty())).isInstanceOf(PollAnswer.Unavailable.class);
            assertThat(server.connections()).isZero();
        }
    }

    @Test
    void manyThreadsShareAClientAndEachGetsItsOwnAnswer() throws Exception {
        SERVER.stubFor(get(urlPathMatching("/api/v1/model/prediction/.*"))
                .willReturn(aResponse()
                        .withTransformers("response-template")
                        .withBody("{\"data\":{\"status\":\"queued-{{request.pathSegments.[4]}}\"}}")));
        ProviderClient client = client();
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Future<PollAnswer>> answers = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                String id = "p" + i;
                answers.add(threads.submit(() -> client.poll(id, Optional.empty())));
            }
            for (int i = 0; i < answers.size(); i++) {
                assertThat(answers.get(i).get()).isEqualTo(new PollAnswer.Pending("queued-p" + i));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void noFailureOfTheNetworkShowsTheKey() throws IOException {
        try (RawServer server = RawServer.sends("HTTP/1.1 " + KEY + "\r\n\r\n")) {
            assertThat(submit(server.url(), TIMEOUT).toString()).doesNotContain(KEY);
        }
    }

    private SubmitAnswer submit(URI base, Duration timeout) {
        return client(settings(base, ProviderApi.ATLAS)).submit("generateImage", body(), timeout);
    }

    private PollAnswer poll(URI base) {
        return client(settings(base, ProviderApi.ATLAS)).poll("pred-1", Optional.empty());
    }

    private static RawServer keepsConnections(String body) throws IOException {
        return new RawServer((request, out) -> {
            out.write(RawServer.answer("200 OK", "", body).getBytes(StandardCharsets.US_ASCII));
            return true;
        });
    }

    private static boolean hang(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    /** Answers 413 after the first bytes, then reads on until the client hangs up, and says how much there was. */
    private static long refuseAtOnce(ServerSocket listener) {
        long received = 0;
        try (Socket socket = listener.accept()) {
            InputStream in = socket.getInputStream();
            received = in.readNBytes(64).length;
            socket.getOutputStream()
                    .write(RawServer.answer("413 Too Large", "Connection: close\r\n", "{\"code\":413,\"msg\":\"big\"}")
                            .getBytes(StandardCharsets.US_ASCII));
            byte[] buffer = new byte[64 << 10];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                received += n;
            }
        } catch (IOException e) {
            // The client hung up the hard way.
        }
        return received;
    }
}
