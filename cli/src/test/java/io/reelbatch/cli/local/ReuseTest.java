package io.reelbatch.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.reelbatch.domain.job.JobKey;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.job.JobState;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A second batch asks for what a first has paid for. */
class ReuseTest {
    private static final String FLUX = "type: image, model: black-forest-labs/flux-2-pro/text-to-image";
    private static final String FIRST = "jobs:\n- {name: Hero, prompt: a lamp, " + FLUX + "}\n";
    /** 0.04 USD an image: the tutorial's table. */
    private static final BigDecimal PRICE = new BigDecimal("0.04");

    @TempDir
    Path home;

    @Test
    void theSameRequestIsCopiedAndTheRestIsPaidFor() throws IOException {
        run("b1", FIRST);

        try (LocalBatch second = batch("b2")) {
            JsonNode manifest = second.run(
                    "reuse: true\njobs:\n- {name: Lamp, prompt: a lamp, " + FLUX + "}\n- {name: B, prompt: a chair, "
                            + FLUX + "}\n",
                    Map.of());

            JsonNode lamp = manifest.path("results").path(0);
            assertThat(lamp.path("status").asText()).isEqualTo("success");
            assertThat(lamp.path("cost").decimalValue()).isEqualByComparingTo("0");
            assertThat(lamp.path("reused_from").asText()).isEqualTo("b1");
            assertThat(manifest.path("results").path(1).path("reused_from").isNull())
                    .isTrue();
            assertThat(manifest.path("ledger").path("avoided").decimalValue()).isEqualByComparingTo(PRICE);
            assertThat(manifest.path("total_cost").decimalValue()).isEqualByComparingTo(PRICE);
            assertThat(second.simulator.ledger().submits()).hasSize(1);
            JobRecord job = second.jobs.job(new JobKey("b2", 0)).orElseThrow();
            assertThat(job.state()).isEqualTo(JobState.STORED);
            assertThat(job.attempts()).isEmpty();
        }
        assertThat(only(home.resolve("b2"), "lamp")).hasSameBinaryContentAs(only(home.resolve("b1"), "hero"));
    }

    @Test
    void jobsThatAreAlikeAllGetTheLastStoredOutputUnlessSeedsTellThemApart() throws IOException {
        String config = "jobs:\n- {name: A, prompt: a lamp, " + FLUX + "}\n- {name: B, prompt: a lamp, " + FLUX
                + "}\n- {name: One, prompt: a lamp, params: {seed: 1}, " + FLUX
                + "}\n- {name: Two, prompt: a lamp, params: {seed: 2}, " + FLUX + "}\n";
        JsonNode first = run("b1", config);
        JsonNode second = run("b2", "reuse: true\n" + config);

        assertThat(first.path("total_cost").decimalValue()).isEqualByComparingTo("0.16");
        assertThat(second.path("total_cost").decimalValue()).isEqualByComparingTo("0");
        assertThat(sha256(first, 0)).isNotEqualTo(sha256(first, 1));
        assertThat(sha256(second, 0)).isEqualTo(sha256(second, 1)).isIn(sha256(first, 0), sha256(first, 1));
        assertThat(sha256(second, 2)).isEqualTo(sha256(first, 2));
        assertThat(sha256(second, 3)).isEqualTo(sha256(first, 3)).isNotEqualTo(sha256(first, 2));
    }

    private static String sha256(JsonNode manifest, int job) {
        return manifest.path("results").path(job).path("sha256").asText();
    }

    @Test
    void withoutReuseEverythingIsPaidFor() throws IOException {
        run("b1", FIRST);

        JsonNode manifest = run("b2", FIRST);

        assertThat(manifest.path("total_cost").decimalValue()).isEqualByComparingTo(PRICE);
        assertThat(manifest.path("ledger").path("avoided").decimalValue()).isEqualByComparingTo("0");
    }

    @Test
    void aFileThatIsNotWhatItWasIsGeneratedAgain() throws IOException {
        run("b1", FIRST);
        Files.writeString(only(home.resolve("b1"), "hero"), "somebody's edit");

        JsonNode changed = run("b2", "reuse: true\n" + FIRST);
        Files.delete(only(home.resolve("b2"), "hero"));
        JsonNode gone = run("b3", "reuse: true\n" + FIRST);

        for (JsonNode manifest : new JsonNode[] {changed, gone}) {
            assertThat(manifest.path("successful").asInt()).isEqualTo(1);
            assertThat(manifest.path("total_cost").decimalValue()).isEqualByComparingTo(PRICE);
        }
    }

    @Test
    void anotherAccountPaysForItself() throws IOException {
        run("b1", FIRST);

        try (LocalBatch other = new LocalBatch(home, "b2", UnaryOperator.identity(), "another-key")) {
            JsonNode manifest = other.run("reuse: true\n" + FIRST, Map.of());

            assertThat(manifest.path("total_cost").decimalValue()).isEqualByComparingTo(PRICE);
        }
    }

    @Test
    void theIndexTellsNoKey() throws IOException {
        run("b1", FIRST);

        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain(LocalBatch.KEY);
            }
        }
    }

    private JsonNode run(String id, String config) throws IOException {
        try (LocalBatch batch = batch(id)) {
            return batch.run(config, Map.of());
        }
    }

    private LocalBatch batch(String id) throws IOException {
        return new LocalBatch(home, id, UnaryOperator.identity());
    }

    private static Path only(Path folder, String slug) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("images"))) {
            return files.filter(file -> file.getFileName().toString().startsWith(slug + "."))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
