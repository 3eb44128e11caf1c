package io.reelbatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.reelbatch.cli.CommandProcess.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands around a batch: a config to start from, models, the page, whether the files are what was paid for. */
class LookAtBatchTest {
    @TempDir
    Path home;

    private CommandProcess reelbatch = new CommandProcess(Path.of("none"));

    @BeforeEach
    void simulated() {
        reelbatch = new CommandProcess(home).with("REELBATCH_PROVIDER", "simulator");
    }

    @Test
    void aStarterConfigRunsAndItsFilesVerifyUntilOneIsChangedOrLost() throws IOException, InterruptedException {
        assertThat(reelbatch.run("init", "first.yaml").status()).isZero();
        assertThat(reelbatch.run("run", "first.yaml", "--speed", "200").status())
                .isZero();
        Path batch = home.resolve("my_batch");
        assertThat(batch.resolve("report.html")).isNotEmptyFile();

        Ended whole = reelbatch.run("verify", "my_batch");
        assertThat(whole.status()).isZero();
        assertThat(whole.out()).contains("3 files checked, all as the manifest says");

        Path hero = batch.resolve("images/hero_shot.png");
        byte[] picture = Files.readAllBytes(hero);
        picture[picture.length / 2] ^= 1;
        Files.write(hero, picture);
        Files.delete(batch.resolve("videos/pouring.mp4"));
        Files.writeString(batch.resolve("images/detail.png"), "<html>");
        Ended broken = reelbatch.run("verify", "my_batch", "--json");

        assertThat(broken.status()).isEqualTo(3);
        assertThat(broken.json().path("problems").findValuesAsText("path"))
                .containsExactly("images/hero_shot.png", "images/detail.png", "videos/pouring.mp4");
        assertThat(broken.json().path("problems").findValuesAsText("problem"))
                .satisfiesExactly(
                        changed -> assertThat(changed).startsWith("has other content"),
                        page -> assertThat(page).contains("no whole image"),
                        lost -> assertThat(lost).isEqualTo("missing"));
    }

    @Test
    void aManifestCannotPointOutOfItsFolder() throws IOException, InterruptedException {
        Files.createDirectories(home.resolve("batch"));
        Files.writeString(
                home.resolve("batch/manifest.json"),
                "{\"results\":[{\"name\":\"x\",\"files\":[{\"path\":\"../../etc/passwd\",\"bytes\":1}]}]}");

        Ended ended = reelbatch.run("verify", "batch");

        assertThat(ended.status()).isEqualTo(3);
        assertThat(ended.out()).contains("not a path inside the batch's folder");
    }

    @Test
    void whatHasNoManifestIsBadUsage() throws IOException, InterruptedException {
        Ended ended = reelbatch.run("verify", "nowhere");

        assertThat(ended.status()).isEqualTo(2);
        assertThat(ended.err()).contains("There is no manifest.json in nowhere");
    }

    @Test
    void initNeverReplacesAFile() throws IOException, InterruptedException {
        Files.writeString(home.resolve("batch.yaml"), "mine");

        Ended ended = reelbatch.run("init");

        assertThat(ended.status()).isEqualTo(2);
        assertThat(ended.err()).contains("batch.yaml is there already");
        assertThat(home.resolve("batch.yaml")).hasContent("mine");
    }

    @Test
    void modelsNamesPricesWithTheirSourceAndWhatCanBeSet() throws IOException, InterruptedException {
        JsonNode models = reelbatch.run("models", "--json").json().path("models");
        JsonNode veo = find(models, "google/veo3.1/text-to-video");

        // The tutorial's table: 0.03 USD a second.
        assertThat(veo.path("price").path("usd").decimalValue()).isEqualByComparingTo("0.03");
        assertThat(veo.path("price").path("unit").asText()).isEqualTo("per_second");
        assertThat(veo.path("price").path("date").asText()).isNotBlank();
        assertThat(veo.path("fields").path("duration").asText()).isEqualTo("4, 6 or 8 seconds");
    }

    private static JsonNode find(JsonNode models, String id) {
        for (JsonNode model : models) {
            if (model.path("id").asText().equals(id)) {
                return model;
            }
        }
        throw new AssertionError("no model " + id);
    }

    @Test
    void theCompletionScriptIsShellAndKnowsEveryCommand() throws IOException, InterruptedException {
        Path script = Files.writeString(
                home.resolve("completion.sh"), reelbatch.run("completion").out());
        Process bash = new ProcessBuilder("bash", "-n", script.toString()).start();

        assertThat(bash.waitFor()).isZero();
        assertThat(script).content().contains("verify", "estimate", "--output-dir");
    }

    @Test
    void withoutADesktopThePathIsPrintedAndNothingIsStarted() {
        assertThat(OpenCommand.viewer(Map.of(), "Linux")).isEmpty();
        assertThat(OpenCommand.viewer(Map.of("WAYLAND_DISPLAY", "wayland-0"), "Linux"))
                .isEqualTo(Optional.of(List.of("xdg-open")));
        assertThat(OpenCommand.viewer(Map.of(), "Mac OS X")).isEqualTo(Optional.of(List.of("open")));
    }
}
