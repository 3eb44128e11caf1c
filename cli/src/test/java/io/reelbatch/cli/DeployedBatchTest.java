package io.reelbatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.reelbatch.adapters.aws.Emulators;
import io.reelbatch.adapters.aws.UsesDynamoDbLocal;
import io.reelbatch.cli.CommandProcess.Ended;
import io.reelbatch.cli.CommandProcess.Running;
import io.reelbatch.cli.simulator.Fault;
import io.reelbatch.cli.simulator.FaultPlan;
import io.reelbatch.cli.simulator.ModelTable;
import io.reelbatch.cli.simulator.SimulatorSettings;
import io.reelbatch.cli.simulator.Span;
import io.reelbatch.domain.job.JobKey;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.job.JobState;
import io.reelbatch.domain.json.Json;
import io.reelbatch.domain.store.BatchFolder;
import io.reelbatch.domain.store.ObjectWriter;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands for a deployed stack, in processes of their own, against a stack without AWS. */
@UsesDynamoDbLocal
class DeployedBatchTest {
    private static final String PICTURE =
            "type: image, model: black-forest-labs/flux-2-pro/text-to-image, width: 64, height: 64";
    private static final String CLIP = "type: video, model: bytedance/seedance-v1.5-pro/image-to-video";
    private static final Duration LONGEST = Duration.ofMinutes(3);

    @TempDir
    private Path home;

    private final Emulators emulators;
    private Optional<StandInStack> open = Optional.empty();

    DeployedBatchTest(Emulators emulators) {
        this.emulators = emulators;
    }

    @AfterEach
    void close() throws IOException {
        if (open.isPresent()) {
            open.get().close();
        }
    }

    private StandInStack stack(UnaryOperator<SimulatorSettings> settings) throws IOException {
        StandInStack stack = new StandInStack(emulators, settings);
        open = Optional.of(stack);
        return stack;
    }

    private CommandProcess command(StandInStack stack) {
        CommandProcess command = new CommandProcess(home);
        stack.environment().forEach(command::with);
        return command;
    }

    private static String id(Ended started) {
        assertThat(started.status()).as(started.err()).isZero();
        return started.out().strip();
    }

    @Test
    void aBatchIsStartedWatchedAndPulled() throws Exception {
        StandInStack stack = stack(settings -> settings);
        CommandProcess command = command(stack);
        ImageIO.write(
                new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB),
                "png",
                home.resolve("in.png").toFile());
        command.write(
                "batch.yaml",
                "output_dir: week\njobs:\n  - {name: a, prompt: a, " + PICTURE + "}\n  - {name: b, prompt: b, " + CLIP
                        + ", image: in.png}\n");

        Ended watched = command.run("start", "batch.yaml", "--watch", "--json");

        assertThat(watched.status()).as(watched.err()).isZero();
        String id = watched.json().path("batch_id").asText();
        assertThat(watched.json().path("successful").asInt()).isEqualTo(2);
        assertThat(watched.json().path("exit_status").asInt()).isZero();
        assertThat(watched.err())
                .contains("Started batch " + id + ": 2 jobs")
                .contains(
                        "https://us-east-1.console.aws.amazon.com/states/home?region=us-east-1#/v2/executions/details/arn")
                .contains("/2] stored  images/a.png  a", "/2] stored  videos/b.mp4  b")
                .contains("manifest: " + stack.uri("batches/" + id + "/manifest.json"));
        assertThat(stack.input(id).path("configUri").asText()).isEqualTo(stack.uri("batches/" + id + "/config.yaml"));
        assertThat(stack.input(id).path("inputs").has("in.png")).isTrue();

        Ended pulled = command.run("pull", id, "--json");

        assertThat(pulled.status()).as(pulled.err()).isZero();
        assertThat(pulled.json().path("fetched").asInt()).isEqualTo(2);
        assertThat(files("week"))
                .contains("cost-report.csv", "cost-report.json", "images/a.png", "manifest.json", "videos/b.mp4")
                .doesNotContain("config.yaml");
        assertThat(Json.mapper()
                        .readTree(Files.readAllBytes(home.resolve("week/manifest.json")))
                        .path("batch_id")
                        .asText())
                .isEqualTo(id);
        String place = stack.uri("batches/" + id);
        Ended verified = command.run("verify", place, "--json");
        assertThat(verified.status()).as(verified.err()).isZero();
        assertThat(verified.json().path("checked").asInt()).isEqualTo(2);

        assertDamageIsNoticed(stack, command, id);
        assertDamageInTheBucketIsNamed(command, place);
    }

    private void assertDamageIsNoticed(StandInStack stack, CommandProcess command, String id) throws Exception {
        Files.writeString(home.resolve("week/images/a.png"), "damaged");
        Ended again = command.run("pull", "week", "--json");

        assertThat(again.status()).as(again.err()).isZero();
        assertThat(again.json().path("fetched").asInt()).isEqualTo(1);
        assertThat(again.json().path("present").asInt()).isEqualTo(1);

        put(stack, new BatchFolder(id).visible("images/a.png"), "another picture");
        stack.objects().delete(new BatchFolder(id).visible("videos/b.mp4"));
        Ended elsewhere = command.run("pull", id, "elsewhere", "--json");

        assertThat(elsewhere.status()).isEqualTo(3);
        assertThat(elsewhere.json().path("missing")).hasSize(2);
        assertThat(elsewhere.err()).contains("videos/b.mp4: is not in the bucket", "images/a.png: the object");
        assertThat(files("elsewhere")).contains("manifest.json").doesNotContain("images/a.png", "videos/b.mp4");
    }

    private static void assertDamageInTheBucketIsNamed(CommandProcess command, String place) throws Exception {
        Ended damaged = command.run("verify", place + "/");
        assertThat(damaged.status()).as(damaged.err()).isEqualTo(3);
        assertThat(damaged.out())
                .contains("images/a.png: is no whole image", "videos/b.mp4: missing", "2 files checked, 2 missing");

        Ended nothing = command.run("verify", place + "-not");
        assertThat(nothing.status()).isEqualTo(2);
        assertThat(nothing.err()).contains("There is no manifest.json in " + place + "-not");
        assertThat(command.run("verify", "s3:///batches").err()).contains("names no bucket");
    }

    @Test
    void aStoppedBatchIsTakenUpWithoutPayingTwice() throws Exception {
        StandInStack stack = stack(
                settings -> settings.withModels(ModelTable.tutorial().withTime("flux", Span.seconds(20_000, 20_000))));
        CommandProcess command = command(stack);
        put(
                stack,
                "configs/batch.json",
                "{\"jobs\":[{\"name\":\"a\",\"prompt\":\"a\",\"timeout\":\"5h\",\"type\":\"image\","
                        + "\"model\":\"black-forest-labs/flux-2-pro/text-to-image\"}]}");
        String id = id(command.run("start", stack.uri("configs/batch.json")));
        awaitState(stack, id, JobState.SUBMITTED);

        Ended running = command.run("retry", id);
        assertThat(running.status()).isEqualTo(2);
        assertThat(running.err()).contains("is still running");

        Ended stopped = command.run("stop", id);
        assertThat(stopped.status()).as(stopped.err()).isZero();
        assertThat(stopped.err()).contains("1 submitted", "1 of them are with the provider", "reelbatch retry " + id);

        Ended watched = command.run("watch", "--json");
        assertThat(watched.status()).isEqualTo(3);
        assertThat(watched.json().path("error").asText()).isEqualTo("batch " + id + " was stopped");
        assertThat(command.run("pull", "out").status()).isEqualTo(3);

        stack.advanceProvider(Duration.ofHours(6));
        Ended retried = command.run("retry", id, "--budget", "9", "--watch", "--json");
        assertThat(retried.status()).as(retried.err()).isZero();
        assertThat(retried.json().path("successful").asInt()).isEqualTo(1);
        assertThat(stack.input(id + "_r1").path("budget").decimalValue()).isEqualByComparingTo("9");
        assertThat(stack.simulator().ledger().submits()).hasSize(1);

        Ended nothing = command.run("retry", id);
        assertThat(nothing.status()).as(nothing.err()).isZero();
        assertThat(nothing.err()).contains("nothing to retry");
        assertThat(stack.executions()).containsExactly(id, id + "_r1");
        assertThat(command.run("stop", id).err()).contains("is not running");
    }

    @Test
    void aFailedJobEndsWithThreeUntilItIsRetriedAndTheListShowsTheBatchOnce() throws Exception {
        StandInStack stack = stack(settings ->
                settings.withFaults(FaultPlan.eachJob(Fault.MODERATED).only("b")));
        CommandProcess command = command(stack);
        command.write(
                "batch.yaml",
                "jobs:\n  - {name: a, prompt: a, " + PICTURE + "}\n  - {name: b, prompt: b, " + PICTURE + "}\n");
        Ended watched = command.run("start", "batch.yaml", "--watch", "--json");

        assertThat(watched.status()).as(watched.err()).isEqualTo(3);
        JsonNode summary = watched.json();
        String id = summary.path("batch_id").asText();
        assertThat(summary.path("failures").path("moderated").asInt())
                .as(summary.toString())
                .isEqualTo(1);
        assertThat(summary.path("charged").decimalValue()).isEqualByComparingTo("0.04");
        assertThat(watched.err()).contains("failed  b: moderated", "reelbatch retry " + id);

        Ended pulled = command.run("pull", id, "out");
        assertThat(pulled.status()).isEqualTo(3);
        assertThat(pulled.err()).contains("1 files downloaded", "1 jobs have no file");
        assertThat(files("out")).contains("images/a.png");

        Ended retried = command.run("retry", id, "--watch");
        assertThat(retried.status()).as(retried.err()).isZero();
        assertThat(retried.err()).contains("execution " + id + "_r1", "[2/2] stored  images/b.png  b");

        Ended list = command.run("status", "--json");
        assertThat(list.json().path("batches")).hasSize(1);
        assertThat(list.json().path("batches").path(0).path("execution").asText())
                .isEqualTo(id + "_r1");
        Ended one = command.run("status", id);
        assertThat(one.status()).as(one.err()).isZero();
        assertThat(one.out()).contains("2: 2 stored", "charged $0.08", stack.uri("batches/" + id + "/"));
    }

    @Test
    void whatTheBudgetOrTheConfigForbidsReachesNoStack() throws Exception {
        StandInStack stack = stack(settings -> settings);
        CommandProcess command = command(stack);
        command.write("dear.yaml", "budget: 0.01\njobs:\n  - {name: a, prompt: a, " + PICTURE + "}\n");
        command.write("bad.yaml", "jobs:\n  - {name: a, promt: a, " + PICTURE + "}\n");

        Ended dear = command.run("start", "dear.yaml", "--json");
        assertThat(dear.status()).as(dear.err()).isEqualTo(4);
        assertThat(dear.json().path("error").asText()).contains("exceeds the budget");
        assertThat(command.run("start", "bad.yaml").status()).isEqualTo(2);
        assertThat(command.run("start", "s3://elsewhere/a.yaml").err()).contains("must lie in the stack's bucket");

        List<String> keys = new ArrayList<>();
        stack.objects().list("", object -> keys.add(object.key()));
        assertThat(keys).isEmpty();
        assertThat(stack.executions()).isEmpty();
    }

    @Test
    void ctrlCLeavesTheBatchRunning() throws Exception {
        StandInStack stack = stack(
                settings -> settings.withModels(ModelTable.tutorial().withTime("flux", Span.seconds(20_000, 20_000))));
        CommandProcess command = command(stack);
        command.write("batch.yaml", "jobs:\n  - {name: a, prompt: a, timeout: 5h, " + PICTURE + "}\n");
        Running watching = command.start("start", "batch.yaml", "--watch");
        while (!watching.said().contains("Ctrl-C leaves")
                || stack.simulator().ledger().submits().isEmpty()) {
            assertThat(watching.process().isAlive()).as(watching.said()).isTrue();
            Thread.onSpinWait();
        }
        watching.interrupt();
        Ended interrupted = watching.join();

        String id = stack.executions().get(0);
        assertThat(interrupted.status()).isEqualTo(130);
        assertThat(interrupted.err()).contains("the batch goes on", "reelbatch watch " + id);
        assertThat(command.run("status", id, "--json").json().path("status").asText())
                .isEqualTo("RUNNING");
    }

    @Test
    void withoutCredentialsOrRegionItSaysSo() throws Exception {
        CommandProcess command = new CommandProcess(home)
                .with("AWS_EC2_METADATA_DISABLED", "true")
                .with("AWS_CONFIG_FILE", home.resolve("none").toString())
                .with("AWS_SHARED_CREDENTIALS_FILE", home.resolve("none").toString());

        Ended noRegion = command.run("status");
        assertThat(noRegion.status()).as(noRegion.err()).isEqualTo(2);
        assertThat(noRegion.err()).contains("there is no AWS region").hasLineCount(1);
        Ended noCredentials = command.run("status", "--region", "eu-west-1");
        assertThat(noCredentials.status()).as(noCredentials.err()).isEqualTo(2);
        assertThat(noCredentials.err()).contains("there are no AWS credentials").hasLineCount(1);
    }

    private static void awaitState(StandInStack stack, String batchId, JobState state) {
        long deadline = System.nanoTime() + LONGEST.toNanos();
        while (stack.jobs()
                .job(new JobKey(batchId, 0))
                .map(JobRecord::state)
                .filter(state::equals)
                .isEmpty()) {
            assertThat(System.nanoTime()).as("job 0 becomes " + state).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private static void put(StandInStack stack, String key, String content) throws IOException {
        try (ObjectWriter writer = stack.objects().write(key, "application/octet-stream")) {
            writer.write(content.getBytes(StandardCharsets.UTF_8));
            writer.commit();
        }
    }

    /** The files that people see in a folder. */
    private List<String> files(String folder) throws IOException {
        Path root = home.resolve(folder);
        try (var walk = Files.walk(root)) {
            return walk.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString())
                    .filter(file -> !file.startsWith("."))
                    .toList();
        }
    }
}
