package io.reelbatch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.reelbatch.cli.simulator.ModelTable;
import io.reelbatch.cli.simulator.Price;
import io.reelbatch.cli.simulator.Simulator;
import io.reelbatch.cli.simulator.SimulatorSettings;
import io.reelbatch.domain.catalog.Catalog;
import io.reelbatch.domain.config.ConfigReader;
import io.reelbatch.domain.json.Json;
import io.reelbatch.domain.planning.InputFinder.Found;
import io.reelbatch.domain.planning.Plan;
import io.reelbatch.domain.planning.Planner;
import io.reelbatch.domain.provider.ApiKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code estimate --quote} against a provider whose prices are not those of the table. */
class EstimateQuoteTest {
    /** The table has flux at 0.04 an image and seedance at 0.022 a second, 5 s where nothing is said. */
    private static final String CONFIG = """
            jobs:
              - {name: A, type: image, model: black-forest-labs/flux-2-pro/text-to-image, prompt: a fox}
              - {name: B, type: image, model: black-forest-labs/flux-2-pro/text-to-image, prompt: a hen}
              - {name: C, type: video, model: bytedance/seedance-v1.5-pro/text-to-video, prompt: a fox runs}
              - {name: D, type: video, model: bytedance/seedance-v1.5-pro/text-to-video, prompt: a hen runs, duration: 10}
            """;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @Test
    void tellsWhatTheProviderWouldChargeBesideTheTable() throws IOException {
        try (Simulator simulator = Simulator.start(drifted())) {
            assertThat(quote(CONFIG, simulator.baseUrl(), false)).isZero();

            assertThat(lines())
                    .contains(
                            "black-forest-labs/flux-2-pro/text-to-image 2 $0.08 $0.06 -25.0 %",
                            "bytedance/seedance-v1.5-pro/text-to-video 2 $0.33 $0.66 +100.0 %",
                            "total 4 $0.41 $0.72 +75.6 %")
                    .anyMatch(line -> line.contains("duration=10") && line.endsWith("1 $0.22 $0.44 +100.0 %"));
            assertThat(simulator.ledger().submits()).isEmpty();
        }
    }

    @Test
    void theSameAsJson() throws IOException {
        try (Simulator simulator = Simulator.start(drifted())) {
            assertThat(quote(CONFIG, simulator.baseUrl(), true)).isZero();
        }

        JsonNode quotes =
                Json.mapper().readTree(printed.toString(StandardCharsets.UTF_8)).path("quotes");
        assertThat(quotes.path("table").decimalValue()).isEqualByComparingTo("0.41");
        assertThat(quotes.path("quote").decimalValue()).isEqualByComparingTo("0.72");
        assertThat(quotes.path("quoted_jobs").asInt()).isEqualTo(4);
        assertThat(quotes.at("/models/0/drift_percent").decimalValue()).isEqualByComparingTo("-25.0");
        assertThat(quotes.at("/models/0/requests")).hasSize(1);
        assertThat(quotes.at("/models/1/requests")).hasSize(2);
        assertThat(quotes.at("/models/1/requests/1/parameters/duration").asInt())
                .isEqualTo(10);
    }

    @Test
    void aBatchWhoseQuotesExceedTheBudgetExitsWith4() throws IOException {
        try (Simulator simulator = Simulator.start(drifted())) {
            assertThat(quote("budget: 0.50\n" + CONFIG, simulator.baseUrl(), false))
                    .isEqualTo(ExitStatus.BUDGET);
        }
        // Of table and quote the higher counts: 2 x 0.04 + 0.66.
        assertThat(lines()).anyMatch(line -> line.startsWith("With the quotes this exceeds the budget of $0.50"));
    }

    @Test
    void aRefusedKeyExitsWith5() throws IOException {
        try (Simulator simulator = Simulator.start(drifted().withKey("another"))) {
            assertThat(quote(CONFIG, simulator.baseUrl(), false)).isEqualTo(ExitStatus.ACCOUNT);
        }
        assertThat(printed.size()).isZero();
    }

    @Test
    void aProviderThatIsNotThereIsToldInItsRow() throws IOException {
        assertThat(quote(CONFIG, URI.create("http://127.0.0.1:1/api/v1"), false))
                .isZero();

        assertThat(lines())
                .contains("total 4 $0.41 - -")
                .anyMatch(line -> line.startsWith("no quote, counted by the table: "))
                .noneMatch(line -> line.contains("\tat "));
    }

    @Test
    void theSimulatorHasNoPricesOfItsOwn() {
        assertThatThrownBy(() -> EstimateCommand.quoted(
                        plan(CONFIG), Provider.choose(Map.of(), Path.of("/nowhere")), false, System.out))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("ATLASCLOUD_API_KEY");
    }

    @Test
    void withoutAKeyTheCommandExitsWith2(@TempDir Path folder) throws Exception {
        Path config = java.nio.file.Files.writeString(folder.resolve("batch.yaml"), CONFIG);
        ProcessBuilder command = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                ReelbatchCommand.class.getName(),
                "estimate",
                config.toString(),
                "--quote");
        command.directory(folder.toFile()).environment().keySet().removeIf(name -> name.matches("(ATLAS|REELBATCH).*"));
        Process process = command.start();

        String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).isEqualTo(ExitStatus.USAGE);
        assertThat(said.strip()).hasLineCount(1).startsWith("reelbatch: --quote");
    }

    private static SimulatorSettings drifted() {
        return SimulatorSettings.defaults()
                .withModels(ModelTable.tutorial()
                        .withPrice("black-forest-labs/flux-2-pro/text-to-image", Price.each("0.03"))
                        .withPrice("bytedance/seedance-v1.5-pro/text-to-video", Price.second("0.044")));
    }

    private int quote(String config, URI provider, boolean json) throws IOException {
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        return EstimateCommand.quoted(plan(config), new Provider(false, provider, ApiKey.of("key-1")), json, out);
    }

    private java.util.List<String> lines() {
        return printed.toString(StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.strip().replaceAll(" +", " "))
                .toList();
    }

    private static Plan plan(String config) {
        return Planner.plan(
                new ConfigReader(),
                "batch.yaml",
                config.getBytes(StandardCharsets.UTF_8),
                Catalog.shipped(),
                reference -> new Found.Unusable("there are no inputs here"));
    }
}
