package io.reelbatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shell script {@code reelbatch}, with a built jar and a Java that only tells how it was started. */
class LauncherTest {
    @TempDir
    private Path home;

    @BeforeEach
    void aBuiltHome() throws IOException {
        Files.copy(Path.of("..", "reelbatch"), home.resolve("reelbatch"));
        Files.createDirectories(home.resolve("cli/target"));
        Files.createFile(home.resolve("cli/target/reelbatch.jar"));
        Path java = Files.createDirectories(home.resolve("jdk/bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\necho \"$LC_ALL\"\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
    }

    private String localeOfJava(Map<String, String> environment) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                        List.of("bash", home.resolve("reelbatch").toString(), "run"))
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().keySet().removeIf(name -> name.startsWith("LC_") || name.equals("LANG"));
        builder.environment().put("JAVA_HOME", home.resolve("jdk").toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return said.strip();
    }

    /** As under cron: Java names files in ASCII there, and what has another name was paid for and cannot be stored. */
    @Test
    void javaGetsALocaleThatCanNameEveryFile() throws Exception {
        assertThat(localeOfJava(Map.of())).isEqualTo("C.UTF-8");
        assertThat(localeOfJava(Map.of("LC_ALL", "C"))).isEqualTo("C.UTF-8");
        assertThat(localeOfJava(Map.of("LANG", "de_DE.ISO-8859-1"))).isEqualTo("C.UTF-8");
    }

    @Test
    void aJavaHomeWithoutJavaIsNamed() throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder("bash", home.resolve("reelbatch").toString()).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", "/no/jdk");
        Process process = builder.start();

        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("reelbatch: there is no /no/jdk/bin/java; install a JDK, 17 or newer, or mend JAVA_HOME.\n");
        assertThat(process.waitFor()).isEqualTo(1);
    }

    @Test
    void aLocaleThatCanIsLeftAlone() throws Exception {
        assertThat(localeOfJava(Map.of("LANG", "de_DE.UTF-8"))).isEmpty();
        assertThat(localeOfJava(Map.of("LANG", "C", "LC_ALL", "en_US.utf8"))).isEqualTo("en_US.utf8");
    }
}
