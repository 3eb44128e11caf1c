package io.reelbatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.reelbatch.cli.CommandProcess.Ended;
import io.reelbatch.cli.CommandProcess.Running;
import io.reelbatch.cli.local.ScaledClock;
import io.reelbatch.cli.simulator.Fault;
import io.reelbatch.cli.simulator.FaultPlan;
import io.reelbatch.cli.simulator.Ledger;
import io.reelbatch.cli.simulator.ModelTable;
import io.reelbatch.cli.simulator.Simulator;
import io.reelbatch.cli.simulator.SimulatorSettings;
import io.reelbatch.cli.simulator.Span;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as a shell sees it: exit status, stdout, stderr and what it leaves on disk. */
class CommandTest {
    private static final String KEY = "sk-0123456789abcdef-do-not-tell";
    private static final int SPEED = 50;
    private static final String FAST = "--speed=" + SPEED;

    @TempDir
    private Path home;

    private CommandProcess command;
    private Optional<Simulator> open = Optional.empty();

    @BeforeEach
    void prepare() {
        command = new CommandProcess(home);
    }

    @AfterEach
    void close() throws IOException {
        if (open.isPresent()) {
            open.get().close();
        }
    }

    /** A provider in this process, so that its ledger outlives those of the command. */
    private Simulator provider(UnaryOperator<SimulatorSettings> changes) throws IOException {
        Simulator simulator = Simulator.start(changes.apply(
                SimulatorSettings.defaults().withKey(KEY).withClock(new ScaledClock(SPEED, Instant.EPOCH))));
        open = Optional.of(simulator);
        command.with(simulator.baseUrl(), KEY);
        return simulator;
    }

    private Simulator provider(FaultPlan faults) throws IOException {
        return provider(settings -> settings.withFaults(faults));
    }

    /** Generations that take as long as a test needs. */
    private Simulator slowProvider(long seconds) throws IOException {
        return provider(settings ->
                settings.withModels(ModelTable.tutorial().withTime("flux", Span.seconds(seconds, seconds))));
    }

    private static String pictures(String... names) {
        return "output_dir: out\n"
                + "defaults: {model: black-forest-labs/flux-2-pro/text-to-image, type: image, width: 64, height: 64}\n"
                + "jobs:\n"
                + Arrays.stream(names)
                        .map(name -> "  - {name: " + name + ", prompt: " + name + "}\n")
                        .collect(Collectors.joining());
    }

    private Path out() {
        return home.resolve("out");
    }

    private static void awaitSubmits(Simulator provider, int count, Running running) throws IOException {
        while (provider.ledger().submits().size() < count) {
            assertThat(running.process().isAlive()).as(running.said()).isTrue();
            Thread.onSpinWait();
        }
    }

    @Test
    void aBatchThatSucceedsEndsWithZeroAndIsArchivedByTheNext() throws Exception {
        command.write("batch.yaml", pictures("a", "b"));
        Ended first = command.run("run", "batch.yaml", FAST, "--json");

        assertThat(first.status()).as(first.err()).isZero();
        assertThat(first.json().path("exit_status").asInt()).isZero();
        assertThat(first.json().path("successful").asInt()).isEqualTo(2);
        assertThat(first.err()).contains("simulated", "out/manifest.json");
        assertThat(out().resolve("images/a.png")).isNotEmptyFile();

        Ended second = command.run("run", "batch.yaml", FAST);
        assertThat(second.status()).as(second.err()).isZero();
        assertThat(second.out()).isEmpty();
        Path archived =
                out().resolve("archive").resolve(first.json().path("batch_id").asText());
        assertThat(second.err()).contains(archived.getFileName().toString());
        assertThat(archived.resolve("images/a.png")).isNotEmptyFile();
        assertThat(archived.resolve("manifest.json")).isNotEmptyFile();
        assertThat(archived.resolve(".reelbatch/jobs.db")).isNotEmptyFile();
        assertThat(out().resolve("images/b.png")).isNotEmptyFile();
    }

    @Test
    void aBadConfigEndsWithTwoAndEveryProblem() throws Exception {
        command.write("bad.yaml", "jobs:\n  - {name: a, prompt: '', typ: image}\n  - {name: b, type: image}\n");
        Ended ended = command.run("run", "bad.yaml", "--json");

        assertThat(ended.status()).isEqualTo(2);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).contains("bad.yaml:2", "typ", "prompt", "nothing was submitted");
        assertThat(home.resolve("output")).doesNotExist();
    }

    @Test
    void badUsageEndsWithTwo() {
        assertThat(ReelbatchCommand.execute()).isEqualTo(2);
        assertThat(ReelbatchCommand.execute("run")).isEqualTo(2);
        assertThat(ReelbatchCommand.execute("run", "batch.yaml", "--no-such-option"))
                .isEqualTo(2);
        assertThat(ReelbatchCommand.execute("run", home.resolve("missing.yaml").toString()))
                .isEqualTo(2);
        assertThat(ReelbatchCommand.execute("resume", home.toString())).isEqualTo(2);
        assertThat(ReelbatchCommand.execute("retry", home.resolve("missing").toString()))
                .isEqualTo(2);
        assertThat(home).isEmptyDirectory();
    }

    @Test
    void failedJobsEndWithThreeAndRetryRunsOnlyThose() throws Exception {
        Simulator provider = provider(FaultPlan.eachJob(Fault.MODERATED).only("b"));
        command.write("batch.yaml", pictures("a", "b"));
        Ended run = command.run("run", "batch.yaml", FAST, "--json");

        assertThat(run.status()).as(run.err()).isEqualTo(3);
        assertThat(run.json().path("exit_status").asInt()).isEqualTo(3);
        assertThat(run.json().at("/failures/moderated").asInt()).isOne();
        assertThat(run.err()).contains("reelbatch retry out");

        Ended retry = command.run("retry", "out", FAST, "--json");
        assertThat(retry.status()).as(retry.err()).isZero();
        assertThat(retry.json().path("successful").asInt()).isEqualTo(2);
        assertThat(provider.ledger().submits())
                .extracting(Ledger.Submit::prompt)
                .containsExactlyInAnyOrder("a", "b", "b");
    }

    @Test
    void aRetryThatIsKilledLeavesAnUnfinishedBatchWhichTheNextRunResumes() throws Exception {
        Simulator provider = provider(settings -> settings.withFaults(
                        FaultPlan.eachJob(Fault.MODERATED).only("b"))
                .withModels(ModelTable.tutorial().withTime("flux", Span.seconds(120, 120))));
        command.write("batch.yaml", pictures("a", "b"));
        assertThat(command.run("run", "batch.yaml", FAST).status()).isEqualTo(3);
        Running retry = command.start("retry", "out", FAST);
        awaitSubmits(provider, 3, retry);
        retry.kill();

        Ended run = command.run("run", "batch.yaml", FAST);

        assertThat(run.err()).contains("Resuming the unfinished batch");
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(out().resolve("archive")).doesNotExist();
        assertThat(provider.ledger().submits())
                .extracting(Ledger.Submit::prompt)
                .containsOnlyOnce("a");
    }

    @Test
    void anOutputOverTheLimitIsFetchedByRetryWithAHigherOneAndNotPaidAgain() throws Exception {
        Simulator provider = provider(FaultPlan.none());
        command.write("batch.yaml", "max_download: 50\n" + pictures("a"));
        Ended run = command.run("run", "batch.yaml", FAST, "--json");

        assertThat(run.status()).as(run.err()).isEqualTo(3);
        assertThat(run.json().at("/failures/download_failed").asInt()).isOne();
        assertThat(out().resolve("images"))
                .satisfiesAnyOf(
                        images -> assertThat(images).doesNotExist(),
                        images -> assertThat(images).isEmptyDirectory());

        Ended bad = command.run("retry", "out", FAST, "--max-download", "lots");
        assertThat(bad.status()).as(bad.err()).isEqualTo(2);
        assertThat(bad.err()).contains("--max-download is lots", "4GB");

        Ended retry = command.run("retry", "out", FAST, "--max-download", "1MB");
        assertThat(retry.status()).as(retry.err()).isZero();
        assertThat(out().resolve("images/a.png")).isNotEmptyFile();
        assertThat(provider.ledger().submits()).hasSize(1);
    }

    @Test
    void anEstimateOverTheBudgetEndsWithFourBeforeAnythingIsSent() throws Exception {
        Simulator provider = provider(FaultPlan.none());
        command.write("batch.yaml", "budget: 0.07\n" + pictures("a", "b"));
        Ended ended = command.run("run", "batch.yaml", FAST, "--json");

        assertThat(ended.status()).as(ended.err()).isEqualTo(4);
        assertThat(ended.json().path("exit_status").asInt()).isEqualTo(4);
        assertThat(ended.err()).contains("$0.08", "$0.07");
        assertThat(provider.ledger().submits()).isEmpty();
        assertThat(out()).doesNotExist();
    }

    @Test
    void aBudgetThatIsReachedOnTheWayEndsWithFour() throws Exception {
        provider(FaultPlan.eachJob(Fault.LOST).only("a"));
        command.write("batch.yaml", "budget: 0.12\nmax_workers: 1\n" + pictures("a", "b", "c"));
        Ended ended = command.run("run", "batch.yaml", FAST, "--json");

        assertThat(ended.status()).as(ended.err()).isEqualTo(4);
        assertThat(ended.json().at("/failures/budget").asInt()).isOne();
        assertThat(ended.json().path("successful").asInt()).isEqualTo(2);
    }

    @Test
    void aWrongKeyEndsWithFiveAndOneClearSentence() throws Exception {
        provider(FaultPlan.none());
        command.with("ATLASCLOUD_API_KEY", "another-key");
        command.write("batch.yaml", pictures("a", "b", "c"));
        Ended ended = command.run("run", "batch.yaml", FAST, "--json");

        assertThat(ended.status()).as(ended.err()).isEqualTo(5);
        assertThat(ended.json().path("exit_status").asInt()).isEqualTo(5);
        assertThat(ended.json().path("halted").asText()).contains("401", "ATLASCLOUD_API_KEY");
        assertThat(ended.err()).contains(ended.json().path("halted").asText());
    }

    @Test
    void anUnfinishedBatchIsResumedByItsConfigAndProtectedFromAnother() throws Exception {
        Simulator provider = slowProvider(60);
        command.write("batch.yaml", pictures("a", "b"));
        command.write("other.yaml", pictures("c"));
        Running killed = command.start("run", "batch.yaml", FAST);
        awaitSubmits(provider, 2, killed);
        killed.kill();

        Ended refused = command.run("run", "other.yaml", FAST);
        assertThat(refused.status()).as(refused.err()).isEqualTo(2);
        assertThat(refused.err()).contains("reelbatch resume out", "--fresh", "batch.yaml");

        Ended resumed = command.run("run", "batch.yaml", FAST, "--json");
        assertThat(resumed.status()).as(resumed.err()).isZero();
        assertThat(resumed.err()).contains("Resuming");
        assertThat(resumed.json().path("successful").asInt()).isEqualTo(2);

        Ended again = command.run("resume", "out", FAST);
        assertThat(again.status()).as(again.err()).isZero();
    }

    @Test
    void onlyOneProcessWorksOnAFolderAndCtrlCSaysHowToGoOn() throws Exception {
        Simulator provider = slowProvider(36_000);
        command.write("batch.yaml", pictures("a").replace("prompt:", "timeout: 36000, prompt:"));
        command.write("other.yaml", pictures("b").replace("prompt:", "timeout: 1, prompt:"));
        Running first = command.start("run", "batch.yaml", FAST, "--json");
        awaitSubmits(provider, 1, first);

        Ended second = command.run("run", "batch.yaml", FAST);
        assertThat(second.status()).as(second.err()).isEqualTo(2);
        assertThat(second.err()).contains("Another reelbatch process", "out");

        first.interrupt();
        Ended interrupted = first.join();
        assertThat(interrupted.status()).as(interrupted.err()).isEqualTo(130);
        assertThat(interrupted.err()).contains("Interrupted", "reelbatch resume out");
        assertThat(interrupted.out()).isEmpty();

        Ended fresh = command.run("run", "other.yaml", FAST, "--fresh");
        assertThat(fresh.status()).as(fresh.err()).isEqualTo(3);
        assertThat(fresh.err()).contains("unfinished", "archive");
        assertThat(out().resolve("archive")).isDirectoryRecursivelyContaining("glob:**jobs.db");
    }

    @Test
    void speedIsForProvidersOnThisMachine() throws Exception {
        command.with(URI.create("https://provider.invalid/api/v1"), KEY);
        command.write("batch.yaml", pictures("a"));
        Ended ended = command.run("run", "batch.yaml", "--speed", "2");

        assertThat(ended.status()).isEqualTo(2);
        assertThat(ended.err()).contains("--speed", "https://provider.invalid/api/v1");
        assertThat(out()).doesNotExist();
    }

    @Test
    void onlyAProviderOnThisMachineIsAskedToCallItBack() throws Exception {
        command.with(URI.create("https://provider.invalid/api/v1"), KEY);
        command.write("batch.yaml", pictures("a"));
        Ended ended = command.run("run", "batch.yaml", "--webhook-url", "http://127.0.0.1:0");

        assertThat(ended.status()).isEqualTo(2);
        assertThat(ended.err()).contains("--webhook-url", "http://127.0.0.1:0", "provider.invalid");
        assertThat(out()).doesNotExist();
    }

    @Test
    void theKeyIsNowhereInWhatARunLeaves() throws Exception {
        HttpServer echo = echoing();
        try {
            command.with(
                    "ATLASCLOUD_BASE_URL",
                    "http://127.0.0.1:" + echo.getAddress().getPort() + "/api/v1");
            command.write(".env", "ATLASCLOUD_API_KEY=" + KEY + "\n");
            command.write("batch.yaml", pictures("a", "b"));
            Ended ended = command.run("run", "batch.yaml", FAST, "--json");

            assertThat(ended.status()).as(ended.err()).isEqualTo(3);
            assertThat(ended.json().at("/failures/refused").asInt()).isEqualTo(2);
            assertThat(command.filesWith(KEY)).as("files with the key").containsExactly(".env");
        } finally {
            echo.stop(0);
        }
    }

    /** A provider that quotes the request's headers when it refuses it. */
    private static HttpServer echoing() throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 0);
        server.createContext("/", exchange -> {
            String header = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
            byte[] body = ("{\"code\":400,\"msg\":\"bad request with " + header + "\",\"request_id\":\"" + header
                            + "\"}")
                    .getBytes(StandardCharsets.UTF_8);
            try (exchange) {
                exchange.getRequestBody().readAllBytes();
                exchange.sendResponseHeaders(400, body.length);
                exchange.getResponseBody().write(body);
            }
        });
        server.start();
        return server;
    }

    @Test
    void theKeyOfARunThatSucceedsIsNowhereEither() throws Exception {
        provider(FaultPlan.eachJob(Fault.SUBMIT_500, Fault.LOST, Fault.POLL_500, Fault.DOWNLOAD_404));
        command.write("batch.yaml", pictures("a", "b"));
        Ended ended = command.run("run", "batch.yaml", FAST, "--json");

        assertThat(ended.status()).as(ended.err()).isZero();
        JsonNode answer = ended.json();
        assertThat(answer.path("at_risk").decimalValue()).isEqualByComparingTo("0.08");
        assertThat(out().resolve(".reelbatch/log.jsonl")).isNotEmptyFile();
        assertThat(command.filesWith(KEY)).as("files with the key").isEmpty();
    }

    @Test
    void aSecondRunWithReuseCostsNothingSaysSoAndTellsTheKeyNowhere() throws Exception {
        Simulator provider = provider(FaultPlan.none());
        ImageIO.write(
                new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB),
                "png",
                home.resolve("hero.png").toFile());
        command.write(
                "batch.yaml",
                "reuse: true\n" + pictures("a")
                        + "  - {name: clip, type: video, model: bytedance/seedance-v1.5-pro/image-to-video, prompt: b, image: hero.png}\n");
        Ended first = command.run("run", "batch.yaml", FAST, "--json");
        assertThat(first.status()).as(first.err()).isZero();
        assertThat(first.json().path("total_cost").decimalValue()).isPositive();
        byte[] clip = Files.readAllBytes(out().resolve("videos/clip.mp4"));

        Ended second = command.run("run", "batch.yaml", FAST, "--json");
        assertThat(second.status()).as(second.err()).isZero();
        assertThat(second.json().path("total_cost").decimalValue()).isZero();
        assertThat(second.json().path("avoided").decimalValue())
                .isEqualByComparingTo(first.json().path("total_cost").decimalValue());
        assertThat(second.err()).contains("reused 2 outputs", "not paid again");
        assertThat(provider.ledger().submits()).hasSize(2);
        assertThat(out().resolve("videos/clip.mp4")).hasBinaryContent(clip);

        assertThat(home.resolve("state/reelbatch/account.db")).isNotEmptyFile();
        assertThat(command.filesWith(KEY)).as("files with the key").isEmpty();
    }
}
