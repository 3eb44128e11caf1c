package io.reelbatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.standardwebhooks.Webhook;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.reelbatch.cli.CommandProcess.Ended;
import io.reelbatch.domain.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Word of whole runs, at a receiver on this machine. */
class NotificationTest {
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    @TempDir
    private Path home;

    private final List<JsonNode> received = new CopyOnWriteArrayList<>();
    private final List<Throwable> unverified = new CopyOnWriteArrayList<>();
    private volatile int answer = 204;
    private HttpServer receiver;
    private CommandProcess command;

    @BeforeEach
    void start() throws IOException {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/hook", this::receive);
        receiver.start();
        command = new CommandProcess(home)
                .with("REELBATCH_LOCAL_WEBHOOKS", "allow")
                .with("HOOK_SECRET", SECRET);
        command.write("batch.yaml", """
                output_dir: out
                notify: {webhook: "http://localhost:%d/hook", on: [job, batch], secret: env:HOOK_SECRET}
                defaults: {type: image, model: black-forest-labs/flux-2-pro/text-to-image}
                jobs: [{name: Hero Shot, id: h-1, prompt: a hero}, {name: Sky, prompt: a sky}]
                """.formatted(receiver.getAddress().getPort()));
    }

    @AfterEach
    void stop() {
        receiver.stop(0);
    }

    private void receive(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        HttpHeaders headers = HttpHeaders.of(exchange.getRequestHeaders(), (name, value) -> true);
        try {
            new Webhook(SECRET).verify(body, headers);
        } catch (Exception e) {
            unverified.add(e);
        }
        if (answer == 204) {
            received.add(Json.mapper().readTree(body));
        }
        exchange.sendResponseHeaders(answer, -1);
        exchange.close();
    }

    @Test
    void aReceiverIsToldOfEachJobAndOfTheBatchAndOfNothingTwice() throws Exception {
        Ended run = run("run", "batch.yaml", "--speed", "100");
        Ended resumed = run("resume", "out", "--speed", "100");

        assertThat(run.status()).as(run.err()).isZero();
        assertThat(resumed.status()).as(resumed.err()).isZero();
        assertThat(unverified).isEmpty();
        assertThat(received).hasSize(3);
        assertThat(received)
                .filteredOn(body -> body.path("name").asText().equals("Hero Shot"))
                .singleElement()
                .satisfies(body -> {
                    assertThat(body.path("event").asText()).isEqualTo("job.stored");
                    assertThat(body.path("status").asText()).isEqualTo("success");
                    assertThat(body.path("url").asText()).isEqualTo("out/images/hero_shot.png");
                    assertThat(body.path("cost").decimalValue()).isEqualByComparingTo("0.04");
                    assertThat(body.path("id").asText()).isEqualTo("h-1");
                });
        assertThat(received)
                .filteredOn(body -> body.path("event").asText().equals("batch.finished"))
                .singleElement()
                .satisfies(body -> {
                    assertThat(body.path("url").asText()).isEqualTo("out/manifest.json");
                    assertThat(body.path("cost").decimalValue()).isEqualByComparingTo("0.08");
                    assertThat(body.path("successful").asInt()).isEqualTo(2);
                });
        assertThat(command.filesWith(SECRET.substring("whsec_".length()))).isEmpty();
    }

    @Test
    void aReceiverThatIsBrokenFailsNothingAndIsToldLater() throws Exception {
        answer = 500;
        Ended run = run("run", "batch.yaml", "--speed", "100");

        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.err())
                .contains("3 notifications are not delivered (localhost answered 500).")
                .contains("`reelbatch resume out` sends the rest.");

        answer = 204;
        Ended resumed = run("resume", "out", "--speed", "100");

        assertThat(resumed.status()).as(resumed.err()).isZero();
        assertThat(received).hasSize(3);
    }

    @Test
    void aSecretThatIsMissingOrNoneIsToldBeforeAnythingIsSubmitted() throws Exception {
        Ended missing = run("run", write("secret: env:OTHER"), "--speed", "100");
        Ended literal = run("run", write("secret: " + SECRET), "--speed", "100");
        command.with("HOOK_SECRET", "hunter2");
        Ended none = run("run", "batch.yaml", "--speed", "100");

        assertThat(missing.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(missing.err()).contains("OTHER is not set in the environment or in .env");
        assertThat(literal.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(literal.err()).contains("write env:WEBHOOK_SECRET").doesNotContain(SECRET);
        assertThat(none.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(none.err()).contains("HOOK_SECRET is no signing secret").doesNotContain("hunter2");
    }

    @Test
    void aReceiverOnThisMachineIsRefusedUnlessThatIsAllowed() throws Exception {
        answer = 500;
        assertThat(run("run", "batch.yaml", "--speed", "100").status()).isZero();
        answer = 204;
        command.with("REELBATCH_LOCAL_WEBHOOKS", "");

        Ended run = run("run", "batch.yaml", "--speed", "100");
        Ended validate = run("validate", "batch.yaml");
        Ended resume = run("resume", "out", "--speed", "100");

        assertThat(run.status()).as(run.err()).isEqualTo(ExitStatus.USAGE);
        assertThat(run.err()).contains("batch.yaml:2: notify.webhook", "REELBATCH_LOCAL_WEBHOOKS=allow");
        assertThat(validate.status()).as(validate.err()).isEqualTo(ExitStatus.USAGE);
        assertThat(resume.err()).contains("its host localhost is this machine");
        assertThat(received).isEmpty();
    }

    private Ended run(String... arguments) throws IOException, InterruptedException {
        return command.run(arguments);
    }

    private String write(String secret) throws IOException {
        String name = "other.yaml";
        command.write(name, """
                notify: {webhook: "https://hooks.example/in", %s}
                jobs: [{name: A, type: image, model: m/x, prompt: p}]
                """.formatted(secret));
        return name;
    }
}
