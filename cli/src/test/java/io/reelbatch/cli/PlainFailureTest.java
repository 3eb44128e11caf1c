package io.reelbatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.reelbatch.cli.CommandProcess.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes wrong before a batch can start is said in a line or two, and never with a stack trace. */
class PlainFailureTest {
    private static final String JOBS =
            "jobs: [{name: a, type: image, model: black-forest-labs/flux-2-pro/text-to-image, prompt: p}]\n";

    @TempDir
    private Path home;

    private CommandProcess command;

    @BeforeEach
    void aConfigAndAFile() throws Exception {
        command = new CommandProcess(home);
        command.write("a.yaml", JOBS);
        command.write("file", "");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "run a.yaml --output-dir file         | file/.reelbatch: Not a directory",
                "run a.yaml --output-dir file/deeper  | Cannot use the output folder",
                "run a.yaml --speed fast              | '--speed': 'fast' is not a number",
                "run a.yaml --seed 1e3                | '--seed': '1e3' is not a whole number",
                "retry out --budget lots              | '--budget': 'lots' is not a number",
                "run a.yaml b.yaml                    | does not take b.yaml",
                "run a.yaml --sped=5                  | Possible solutions: --speed",
                "validate .                           | is a folder; name a config file",
                "simulator --port 70000               | --port is 70000: it must be from 0 to 65535",
            })
    void isTwoLinesWithWhatToDo(String arguments, String expected) throws Exception {
        Ended ended = command.run(arguments.split(" "));

        assertThat(ended.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(ended.err()).startsWith("reelbatch: ").contains(expected);
        assertThat(ended.err().lines().count()).isLessThanOrEqualTo(2);
    }

    @Test
    void aStateFolderThatCannotBeMadeStopsTheBatchAndNotEachJob() throws Exception {
        Ended ended =
                command.with("XDG_STATE_HOME", home.resolve("file").toString()).run("run", "a.yaml", "--speed", "50");

        assertThat(ended.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(ended.err()).contains("Set XDG_STATE_HOME").doesNotContain("\tat ");
        assertThat(home.resolve("output/manifest.json")).doesNotExist();
    }

    @Test
    void anOutputFolderUnderTheTildeIsInTheUsersHome() throws Exception {
        command.write("tilde.yaml", "output_dir: ~/reels\n" + JOBS);
        Path user = Files.createDirectory(home.resolve("my home"));
        Ended ended = command.with("HOME", user.toString()).run("run", "tilde.yaml", "--speed", "50");

        assertThat(ended.status()).as(ended.err()).isZero();
        assertThat(user.resolve("reels/manifest.json")).exists();
        assertThat(home.resolve("~")).doesNotExist();
        assertThat(ended.err()).contains("`reelbatch open '" + user.resolve("reels") + "'`");
    }

    @Test
    void anImageOfTheEarlierBatchIsFollowedIntoTheArchive() throws Exception {
        command.write("b.yaml", JOBS);
        assertThat(command.run("run", "b.yaml", "--speed", "50").status()).isZero();
        command.write(
                "b.yaml",
                "jobs: [{name: b, type: image, model: black-forest-labs/flux-2-pro/edit, prompt: p,"
                        + " image: output/images/a.png}]\n");
        Ended ended = command.run("run", "b.yaml", "--speed", "50");

        assertThat(ended.status()).as(ended.err()).isZero();
        assertThat(home.resolve("output/images/b.png")).exists();
    }

    @Test
    void ofAFunctionsFailureOnlyTheMessageIsForPeople() {
        String lambda = "{\"errorMessage\":\"no space left\",\"errorType\":\"E\",\"stackTrace\":[\"at a.B\"]}";

        assertThat(BatchRunner.why("E", lambda)).isEqualTo("no space left");
        assertThat(BatchRunner.why("States.Runtime", "the state has no end"))
                .isEqualTo("States.Runtime the state has no end");
    }
}
