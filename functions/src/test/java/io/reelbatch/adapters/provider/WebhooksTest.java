package io.reelbatch.adapters.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.reelbatch.domain.notify.Delivery;
import io.reelbatch.domain.notify.Notice;
import io.reelbatch.domain.notify.SigningSecret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Webhooks, at a receiver that verifies them with a public library of Standard Webhooks. */
class WebhooksTest {
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final Notice NOTICE = new Notice("msg_1", "{\"event\":\"job.stored\",\"name\":\"Café\"}");

    private final LinkedBlockingQueue<Received> received = new LinkedBlockingQueue<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private HttpServer server;

    private record Received(HttpHeaders headers, String body) {}

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/ok", exchange -> answer(exchange, 204));
        server.createContext("/broken", exchange -> answer(exchange, 500));
        server.createContext("/gone", exchange -> answer(exchange, 410));
        server.createContext("/busy", exchange -> {
            exchange.getResponseHeaders().add("Retry-After", "70");
            answer(exchange, 503);
        });
        server.createContext("/elsewhere", exchange -> {
            exchange.getResponseHeaders().add("Location", "/ok");
            answer(exchange, 307);
        });
        server.createContext("/silent", exchange -> {
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        });
        server.setExecutor(task -> new Thread(task).start());
        server.start();
    }

    @AfterEach
    void stop() {
        over.countDown();
        server.stop(0);
    }

    private void answer(HttpExchange exchange, int status) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        received.add(new Received(HttpHeaders.of(exchange.getRequestHeaders(), (name, value) -> true), body));
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    @Test
    void aReceiverCanVerifyTheSignature() throws Exception {
        assertThat(post("/ok", Optional.of(SigningSecret.of(SECRET)))).isEqualTo(new Delivery.Done());

        Received request = received.take();
        Webhook webhook = new Webhook(SECRET);
        assertThat(request.body()).isEqualTo(NOTICE.body());
        assertThat(request.headers().firstValue("webhook-id")).contains(NOTICE.id());
        assertThat(request.headers().firstValue("content-type").orElse("")).startsWith("application/json");
        assertThatCode(() -> webhook.verify(request.body(), request.headers())).doesNotThrowAnyException();
        assertThatThrownBy(() -> webhook.verify(request.body() + " ", request.headers()))
                .isInstanceOf(WebhookVerificationException.class);
        assertThatThrownBy(() ->
                        new Webhook("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD").verify(request.body(), request.headers()))
                .isInstanceOf(WebhookVerificationException.class);
    }

    @Test
    void withoutASecretThereIsNoSignature() throws Exception {
        assertThat(post("/ok", Optional.empty())).isEqualTo(new Delivery.Done());

        Map<String, List<String>> headers = received.take().headers().map();
        assertThat(headers).containsKey("webhook-timestamp").doesNotContainKey("webhook-signature");
    }

    @Test
    void whatAReceiverDoesNotTakeIsSentLaterUnlessItWantsNoMore() {
        assertThat(post("/broken", Optional.empty()))
                .isEqualTo(new Delivery.Later("localhost answered 500", Optional.empty()));
        assertThat(post("/busy?token=hidden", Optional.empty()))
                .isEqualTo(new Delivery.Later("localhost answered 503", Optional.of(Duration.ofSeconds(70))));
        assertThat(post("/gone", Optional.empty()))
                .isEqualTo(new Delivery.Never("localhost answered 410: it wants no more of these"));
    }

    @Test
    void aRedirectIsNotFollowed() {
        assertThat(post("/elsewhere", Optional.empty()))
                .isEqualTo(new Delivery.Later("localhost answered 307", Optional.empty()));
        assertThat(received).hasSize(1);
    }

    @Test
    void aReceiverThatDoesNotAnswerIsLeft() {
        try (Webhooks webhooks =
                new Webhooks(true, Clock.systemUTC(), Duration.ofMillis(300), SystemDefaultDnsResolver.INSTANCE)) {
            assertThat(webhooks.post(url("/silent"), NOTICE, Optional.empty())).isInstanceOf(Delivery.Later.class);
        }
    }

    @Test
    void thisMachineIsNotCalledUnlessThatIsAllowed() {
        try (Webhooks webhooks = new Webhooks(false, Clock.systemUTC())) {
            assertThat(webhooks.post(url("/ok"), NOTICE, Optional.empty()))
                    .isEqualTo(new Delivery.Never("the webhook is not called: its host localhost is this machine"));
        }
        assertThat(received).isEmpty();
    }

    @Test
    void aNameThatLeadsIntoANetworkIsNotCalledWhateverItLedToBefore() {
        for (String address : List.of("127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "fd00::1")) {
            DnsResolver dns = leadingTo(address);
            try (Webhooks webhooks = new Webhooks(true, Clock.systemUTC(), Duration.ofSeconds(5), dns)) {
                String port = String.valueOf(server.getAddress().getPort());
                Delivery delivery = webhooks.post("https://hooks.example:" + port + "/ok", NOTICE, Optional.empty());

                assertThat(delivery.toString()).contains("which is not a public address");
                assertThat(received).isEmpty();
            }
        }
    }

    private static DnsResolver leadingTo(String address) {
        return new DnsResolver() {
            @Override
            public InetAddress[] resolve(String host) throws UnknownHostException {
                return new InetAddress[] {InetAddress.getByName(address)};
            }

            @Override
            public String resolveCanonicalHostname(String host) {
                return host;
            }
        };
    }

    private Delivery post(String path, Optional<SigningSecret> secret) {
        try (Webhooks webhooks = new Webhooks(true, Clock.systemUTC())) {
            return webhooks.post(url(path), NOTICE, secret);
        }
    }

    private String url(String path) {
        return "http://localhost:" + server.getAddress().getPort() + path;
    }
}
