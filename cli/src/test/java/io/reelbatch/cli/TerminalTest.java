package io.reelbatch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is left on a real terminal, tmux's, when a batch has ended; whatever was seen in between depends on the machine. */
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class TerminalTest {
    private static final String JOB =
            "{name: Shot %d, type: image, model: black-forest-labs/flux-2-pro/text-to-image," + " prompt: A boat}";

    /** Between two resizes, so that the batch gets something of the machine too. */
    private static final Duration PAUSE = Duration.ofMillis(150);

    private final String socket = "reelbatch-test-" + ProcessHandle.current().pid() + "-" + System.nanoTime();

    @TempDir
    Path folder;

    @BeforeEach
    void aTerminal() throws IOException, InterruptedException {
        assumeThat(Files.isExecutable(Path.of("/usr/bin/tmux")))
                .as("tmux, which shows what a terminal shows")
                .isTrue();
        StringBuilder config = new StringBuilder("output_dir: out\njobs:\n");
        for (int job = 1; job <= 6; job++) {
            config.append("  - ").append(JOB.formatted(job)).append('\n');
        }
        Files.writeString(folder.resolve("batch.yaml"), config);
    }

    @AfterEach
    void noTerminal() throws IOException, InterruptedException {
        if (Files.isExecutable(Path.of("/usr/bin/tmux"))) {
            tmux("kill-server");
        }
    }

    @Test
    void aBatchLeavesOneFullBarAndItsSummary() throws IOException, InterruptedException {
        start(80, "");
        tmux("wait-for", "ended");

        assertThat(screen())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith("Provider: simulated")
                                .hasSizeLessThan(80),
                        TerminalTest::isFullBar,
                        line -> assertThat(line)
                                .isEqualTo(
                                        "model                                       jobs  stored  failed       cost"),
                        line -> assertThat(line)
                                .isEqualTo(
                                        "black-forest-labs/flux-2-pro/text-to-image     6       6       0      $0.24"),
                        line -> assertThat(line)
                                .isEqualTo(
                                        "total                                          6       6       0      $0.24"),
                        line -> assertThat(line).isEqualTo("charged $0.24, at risk $0.00, estimated $0.24"),
                        line -> assertThat(line).isEqualTo("manifest: out/manifest.json"),
                        line -> assertThat(line).isEqualTo("`reelbatch open out` shows it."));
    }

    @Test
    void aTerminalThatChangesItsWidthIsLeftNoPiecesOfEarlierLines() throws IOException, InterruptedException {
        start(120, "");
        int[] widths = {40, 200, 50, 80};
        for (int resized = 0; !Files.exists(folder.resolve("ended")); resized++) {
            resize(widths[resized % widths.length]);
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        tmux("wait-for", "ended");
        resize(200);

        assertThat(screen())
                .filteredOn(line -> line.contains("/6 "))
                .singleElement()
                // A terminal that has just become narrower cuts the line.
                .satisfies(line -> assertThat(line).startsWith("[============] 6/6  6 stored, $0.24"));
        assertThat(screen())
                .filteredOn(line -> line.contains("[") || line.contains("generating"))
                .hasSize(1);
    }

    @Test
    void aNarrowTerminalGetsASummaryThatFits() throws IOException, InterruptedException {
        start(50, "");
        tmux("wait-for", "ended");

        assertThat(screen())
                .contains("total      6       6       0      $0.24")
                .filteredOn(line -> !line.startsWith("Provider"))
                .allSatisfy(line -> assertThat(line).hasSizeLessThan(50));
    }

    @Test
    void aDumbTerminalGetsALineForEachJob() throws IOException, InterruptedException {
        start(80, "TERM=dumb");
        tmux("wait-for", "ended");

        assertThat(screen()).filteredOn(TerminalTest::isOfAJob).hasSize(6);
    }

    @Test
    void aTerminalThatNobodyLooksAtGetsALineForEachJob() throws IOException, InterruptedException {
        start(80, "CI=true");
        tmux("wait-for", "ended");

        assertThat(screen()).filteredOn(TerminalTest::isOfAJob).hasSize(6);
    }

    private static boolean isOfAJob(String line) {
        return line.matches("\\[\\d/6] stored {2}images/shot_\\d\\.png {2}Shot \\d");
    }

    private static void isFullBar(String line) {
        assertThat(line).matches("\\[============] 6/6  6 stored, \\$0\\.24(  \\d+:\\d\\d)?");
    }

    /** Starts a batch at the bottom of a terminal that was in use before. */
    private void start(int columns, String environment) throws IOException, InterruptedException {
        Path script = Files.writeString(
                folder.resolve("batch.sh"),
                String.join(
                        "\n",
                        "for i in $(seq 40); do echo; done",
                        "cd '" + folder + "'",
                        "unset CI; export REELBATCH_PROVIDER=simulator XDG_STATE_HOME='" + folder + "' " + environment,
                        "'" + Path.of(System.getProperty("java.home"), "bin", "java")
                                + "' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED"
                                + " -Dreelbatch.terminal=true -Dreelbatch.interactive=true -cp '"
                                + System.getProperty("java.class.path") + "' " + ReelbatchCommand.class.getName()
                                + " run batch.yaml --speed 40 --fresh",
                        "rm -rf out; touch ended",
                        "tmux -L " + socket + " wait-for -S ended",
                        "exec cat"));
        tmux(
                "-f",
                "/dev/null",
                "new-session",
                "-d",
                "-s",
                "batch",
                "-x",
                Integer.toString(columns),
                "-y",
                "24",
                "sh " + script);
    }

    private void resize(int columns) throws IOException, InterruptedException {
        tmux("resize-window", "-t", "batch", "-x", Integer.toString(columns), "-y", "24");
    }

    /** The lines that are not empty, those that scrolled away included; one that the terminal broke is one. */
    private List<String> screen() throws IOException, InterruptedException {
        return Arrays.stream(tmux("capture-pane", "-p", "-J", "-S", "-", "-t", "batch")
                        .split("\n", -1))
                .map(String::stripTrailing)
                .filter(line -> !line.isEmpty())
                .toList();
    }

    private String tmux(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("/usr/bin/tmux", "-L", socket));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove("TMUX");
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said;
    }
}
