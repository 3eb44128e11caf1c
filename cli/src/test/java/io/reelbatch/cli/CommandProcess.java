package io.reelbatch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import io.reelbatch.domain.json.Json;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The command in processes of its own, with an environment of its own, as a shell starts it. */
final class CommandProcess {
    /** No command here takes a tenth of it: a hanging one is to fail. */
    private static final int LONGEST_SECONDS = 180;

    private final Path home;
    private final Map<String, String> environment = new HashMap<>();
    private int started;

    /**
     * Starts nothing yet.
     *
     * @param home the working directory of the processes, and where their output and their user's state go
     */
    CommandProcess(Path home) {
        this.home = home;
        environment.put("XDG_STATE_HOME", home.resolve("state").toString());
    }

    CommandProcess with(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** Uses a provider that a test started. */
    CommandProcess with(URI provider, String key) {
        return with("ATLASCLOUD_BASE_URL", provider.toString()).with("ATLASCLOUD_API_KEY", key);
    }

    /** How a process ended. */
    record Ended(int status, String out, String err) {
        /** The answer, which must be the only thing on stdout. */
        JsonNode json() throws IOException {
            try (MappingIterator<JsonNode> values =
                    Json.mapper().readerFor(JsonNode.class).readValues(out)) {
                List<JsonNode> all = values.readAll();
                assertThat(all)
                        .as("JSON on stdout, with this on stderr: %s", err)
                        .hasSize(1);
                assertThat(all.get(0).isObject()).isTrue();
                return all.get(0);
            }
        }
    }

    /** Its bit among a process's signals. */
    private static final long SIGINT = 1L << 1;

    /** One that runs. */
    record Running(Process process, Path out, Path err) {
        Ended join() throws IOException, InterruptedException {
            if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("does not end: " + Files.readString(err));
            }
            return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
        }

        /** SIGKILL. */
        void kill() throws InterruptedException {
            process.destroyForcibly().waitFor();
        }

        /** Ctrl-C. */
        void interrupt() throws IOException, InterruptedException {
            assumeThat(ignoresInterrupts())
                    .as("what runs these tests is in the background and ignores SIGINT, and so do its children")
                    .isFalse();
            new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                    .start()
                    .waitFor();
        }

        private boolean ignoresInterrupts() throws IOException {
            Path status = Path.of("/proc", Long.toString(process.pid()), "status");
            if (!Files.exists(status)) {
                return false;
            }
            String ignored = Files.readAllLines(status).stream()
                    .filter(line -> line.startsWith("SigIgn:"))
                    .findFirst()
                    .map(line -> line.substring("SigIgn:".length()).strip())
                    .orElse("0");
            return (Long.parseUnsignedLong(ignored, 16) & SIGINT) != 0;
        }

        String said() throws IOException {
            return Files.readString(err);
        }
    }

    /** Runs a command to its end. */
    Ended run(String... arguments) throws IOException, InterruptedException {
        return start(arguments).join();
    }

    Running start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                ReelbatchCommand.class.getName()));
        command.addAll(List.of(arguments));
        int number = started++;
        File out = home.resolve("out-" + number + ".txt").toFile();
        File err = home.resolve("err-" + number + ".txt").toFile();
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectOutput(out)
                .redirectError(err);
        builder.environment().keySet().removeIf(name -> name.matches("(ATLAS|REELBATCH|AWS|JAVA_|JDK_|XDG).*"));
        builder.environment().putAll(environment);
        return new Running(builder.start(), out.toPath(), err.toPath());
    }

    /** A file in the working directory. */
    Path write(String name, String content) throws IOException {
        return Files.writeString(home.resolve(name), content, StandardCharsets.UTF_8);
    }

    /** Every file of the tests' tree that holds the text, in one of the encodings that a file may have. */
    List<String> filesWith(String text) throws IOException {
        try (var files = Files.walk(home)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> contains(file, text))
                    .map(file -> home.relativize(file).toString())
                    .toList();
        }
    }

    private static boolean contains(Path file, String text) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readAllBytes();
            return new String(bytes, StandardCharsets.ISO_8859_1).contains(text)
                    || new String(bytes, StandardCharsets.UTF_16LE).contains(text)
                    || new String(bytes, StandardCharsets.UTF_16BE).contains(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
