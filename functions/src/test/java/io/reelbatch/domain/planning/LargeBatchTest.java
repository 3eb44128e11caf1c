package io.reelbatch.domain.planning;

import static org.assertj.core.api.Assertions.assertThat;

import io.reelbatch.domain.catalog.Catalog;
import io.reelbatch.domain.config.ConfigReader;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The largest batch there is, in a process of the size it must fit: 100,000 jobs, 512 MB, 10 s of computing. */
class LargeBatchTest {
    private static final int JOBS = 100_000;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"yaml", "json"})
    void aHundredThousandJobsAreReadAndPlannedInHalfAGigabyte(String notation) throws Exception {
        Path output = folder.resolve("output.txt");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LargeBatch.class.getName(),
                        notation)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        process.waitFor();

        List<String> lines = Files.readAllLines(output);
        assertThat(process.exitValue()).as(String.join("\n", lines)).isZero();
        String[] figures = lines.get(lines.size() - 1).split(" ", -1);
        assertThat(new BigDecimal(figures[0])).isEqualTo(new BigDecimal("4000.00"));
        assertThat(Duration.parse(figures[1])).as("processor time").isLessThan(Duration.ofSeconds(10));
    }

    /** What the child process runs. */
    static final class LargeBatch {
        private LargeBatch() {}

        public static void main(String[] arguments) {
            byte[] config = config(arguments[0], JOBS);
            Plan plan = Planner.plan(
                    new ConfigReader(), "large." + arguments[0], config, Catalog.shipped(), InputFinder.AS_WRITTEN);
            long nanoseconds = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            System.out.println(plan.estimate().total() + " " + Duration.ofNanos(nanoseconds));
        }

        static byte[] config(String notation, int jobs) {
            String prompt = "a product photograph of an item on a table, studio light, ".repeat(5);
            boolean json = notation.equals("json");
            StringBuilder text = new StringBuilder(json ? "{\"jobs\": [" : "jobs:\n");
            for (int i = 0; i < jobs; i++) {
                String job = """
                        {"name": "Item %d", "type": "image", "id": "sku-%d", "prompt": "%s",
                         "model": "black-forest-labs/flux-2-pro/text-to-image"}
                        """.formatted(i, i, prompt);
                text.append(json ? (i == 0 ? "" : ",") : "- ").append(job);
            }
            return text.append(json ? "]}" : "").toString().getBytes(StandardCharsets.UTF_8);
        }
    }
}
