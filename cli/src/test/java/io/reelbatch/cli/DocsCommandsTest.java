package io.reelbatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.reelbatch.cli.CommandProcess.Ended;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/**
 * The commands of README.md and docs/. Those of the cookbook are run, one after the other, on its own files; all of them, also
 * those inside sentences, are parsed, so that each names commands and options that there are.
 */
class DocsCommandsTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern COMMAND =
            Pattern.compile("(?:^ {4,}(?:\\$ )?(?:\\w+=\\S+ )*|`)(?:\\./)?reelbatch ([^`\\n]*)", Pattern.MULTILINE);
    private static final Pattern FILE = Pattern.compile("```\\w+ (\\S+)\\n(.*?)\\n```", Pattern.DOTALL);
    /** Where a command ends and words about it, or another program, begin. */
    private static final Pattern END = Pattern.compile("\\s{2,}.*|\\s#.*|\\s[|>].*|\\s+&& .*|\\)$|\\s*\\\\$");
    /** What stands for something else, and something of its kind. */
    private static final Map<String, String> EXAMPLES =
            Map.of("USD", "1.00", "N", "2", "MODEL", "m/x", "SECONDS", "5", "PORT", "9001", "BYTES", "4GB");
    /** Needs a browser. */
    private static final Pattern ONLY_PARSED = Pattern.compile("open .*");

    @TempDir
    private Path home;

    static Stream<String> pages() throws IOException {
        try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
            List<String> pages = new ArrayList<>(List.of("README.md"));
            docs.map(page -> "docs/" + page.getFileName())
                    .filter(page -> page.endsWith(".md"))
                    .sorted()
                    .forEach(pages::add);
            return pages.stream();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void eachCommandOnAPageCanBeGiven(String page) throws IOException {
        for (String command : commands(Files.readString(ROOT.resolve(page)))) {
            String[] words = words(command);
            // A line that tells of a command in general, or of an option by itself.
            if (words.length == 0 || command.contains("...") || command.contains("|")) {
                continue;
            }
            CommandLine line = ReelbatchCommand.commandLine();
            assertThat(parse(line, words)).as("%s: reelbatch %s", page, command).isEmpty();
        }
    }

    /** Why it cannot be given; a command that is only named, without what it needs, is all right. */
    private static String parse(CommandLine line, String[] words) {
        try {
            line.parseArgs(words);
            return "";
        } catch (CommandLine.MissingParameterException named) {
            String why = String.valueOf(named.getMessage());
            return why.startsWith("Missing required parameter:") ? "" : why;
        } catch (CommandLine.ParameterException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Test
    void theCookbookRunsAsItIsWritten() throws Exception {
        String page = Files.readString(ROOT.resolve("docs/cookbook.md"));
        CommandProcess shell = new CommandProcess(home);
        FILE.matcher(page).results().forEach(file -> write(file.group(1), file.group(2)));
        for (String example : List.of("product-catalogue-csv.yaml", "products.csv")) {
            write(
                    "examples/" + example,
                    Files.readString(ROOT.resolve("examples").resolve(example)));
        }
        List<String> ran = new ArrayList<>();
        Matcher line =
                Pattern.compile("^ {4}\\./reelbatch (.*)$", Pattern.MULTILINE).matcher(page);
        while (line.find()) {
            String command = line.group(1);
            if (ONLY_PARSED.matcher(command).matches()) {
                continue;
            }
            String speed = command.startsWith("run ") || command.startsWith("retry ") ? " --speed 200" : "";
            Ended ended = shell.run(words(command + speed));
            assertThat(ended.status()).as("%s%n%s", command, ended.err()).isZero();
            ran.add(command.substring(0, command.indexOf(' ')));
        }

        assertThat(ran).contains("run", "estimate", "validate", "verify", "retry");
        assertThat(home.resolve("products/images/stoneware_mug_sand.png")).exists();
        assertThat(home.resolve("clips/videos/espresso_moves.mp4")).exists();
    }

    @Test
    void theReadmeRunsAsItIsWrittenUntilItNeedsAKey() throws Exception {
        String page = Files.readString(ROOT.resolve("README.md"));
        String untilTheKey = page.substring(0, page.indexOf("## The real provider"));
        CommandProcess shell = new CommandProcess(home);
        for (String example : List.of("weekly.yaml", "ad-series.yaml")) {
            write(
                    "examples/" + example,
                    Files.readString(ROOT.resolve("examples").resolve(example)));
        }
        List<String> ran = new ArrayList<>();
        Matcher line =
                Pattern.compile("^ {4}\\./reelbatch (.*)$", Pattern.MULTILINE).matcher(untilTheKey);
        while (line.find()) {
            String command = END.matcher(line.group(1)).replaceAll("").strip();
            if (!ONLY_PARSED.matcher(command).matches()) {
                Ended ended = shell.run(words(command.startsWith("run ") ? command + " --speed 200" : command));
                assertThat(ended.status()).as("%s%n%s", command, ended.err()).isZero();
                ran.add(command.substring(0, command.indexOf(' ') < 0 ? command.length() : command.indexOf(' ')));
            }
        }

        assertThat(ran).containsExactly("run", "verify", "init", "models", "validate", "estimate", "run");
    }

    private void write(String name, String content) {
        try {
            Path file = home.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, content + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> commands(String page) {
        return COMMAND.matcher(page)
                .results()
                .map(found -> END.matcher(found.group(1)).replaceAll("").strip())
                .toList();
    }

    private static String[] words(String command) {
        return Stream.of(command.replaceAll("[\\[\\]]", "").split("\\s+"))
                .filter(word -> !word.isEmpty())
                .map(word -> EXAMPLES.getOrDefault(word, word))
                .toArray(String[]::new);
    }
}
