package io.reelbatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.reelbatch.cli.local.BatchDirectory;
import io.reelbatch.cli.local.ScaledClock;
import io.reelbatch.cli.local.StoreKind;
import io.reelbatch.cli.simulator.Limits;
import io.reelbatch.cli.simulator.ModelTable;
import io.reelbatch.cli.simulator.Price;
import io.reelbatch.cli.simulator.Simulator;
import io.reelbatch.cli.simulator.SimulatorSettings;
import io.reelbatch.domain.json.Json;
import io.reelbatch.domain.provider.ApiKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Whole runs against a provider whose prices are not the table's: what is reserved, charged and told. */
class MoneyRunTest {
    private static final double SPEED = 100;
    private static final String FLUX = "black-forest-labs/flux-2-pro/text-to-image";

    @TempDir
    private Path folder;

    @Test
    void theHigherOfTableAndQuoteIsBookedAndTheDriftIsAWarning() throws IOException {
        // The table has flux at 0.04 an image.
        try (Simulator provider = Simulator.start(flux("0.05"))) {
            assertThat(run(provider, config(4, ""))).isEqualTo(ExitStatus.OK);

            assertThat(provider.ledger().charged()).isEqualByComparingTo("0.20");
        }
        assertThat(manifest().at("/ledger/charged").decimalValue()).isEqualByComparingTo("0.20");
        assertThat(manifest().path("results"))
                .allSatisfy(result ->
                        assertThat(result.path("price_source").asText()).isEqualTo("quote"));
        assertThat(manifest().path("warnings"))
                .extracting(JsonNode::asText)
                .containsExactly(FLUX + ": the provider quotes $0.20 where the price table says $0.16"
                        + " (+25.0 %, 4 jobs); budget and ledger count the higher");
    }

    @Test
    void aLowerQuoteLeavesTheTablesPriceReserved() throws IOException {
        try (Simulator provider = Simulator.start(flux("0.03"))) {
            assertThat(run(provider, config(2, ""))).isEqualTo(ExitStatus.OK);
        }
        assertThat(manifest().path("results"))
                .allSatisfy(result ->
                        assertThat(result.path("price_source").asText()).isEqualTo("table"));
        assertThat(manifest().path("warnings")).hasSize(1);
    }

    @Test
    void higherQuotesNeverTakeARunOverItsBudget() throws IOException {
        try (Simulator provider = Simulator.start(flux("0.06"))) {
            // 20 x 0.04 by the table fit; 13 x 0.06 = 0.78 by the quote do.
            assertThat(run(provider, config(20, "budget: 0.80\n"))).isEqualTo(ExitStatus.BUDGET);

            assertThat(provider.ledger().charged()).isEqualByComparingTo("0.78");
        }
        assertThat(manifest().path("successful").asInt()).isEqualTo(13);
        assertThat(manifest().path("failures").toString()).isEqualTo("{\"budget\":7}");
        assertThat(manifest().at("/ledger/charged").decimalValue()).isEqualByComparingTo("0.78");
    }

    @Test
    void aRetryWithAHigherBudgetTakesUpTheRest() throws IOException {
        try (Simulator provider = Simulator.start(flux("0.06"))) {
            assertThat(run(provider, config(4, "budget: 0.16\n"))).isEqualTo(ExitStatus.BUDGET);
            assertThat(manifest().path("successful").asInt()).isEqualTo(2);
            // What was spent counts: 2 x 0.06 before and 1 x 0.06 now.
            assertThat(retry(provider, "0.20")).isEqualTo(ExitStatus.BUDGET);
            assertThat(manifest().path("successful").asInt()).isEqualTo(3);
            assertThat(retry(provider, "0.24")).isEqualTo(ExitStatus.OK);

            assertThat(provider.ledger().charged()).isEqualByComparingTo("0.24");
        }
        assertThat(manifest().at("/ledger/charged").decimalValue()).isEqualByComparingTo("0.24");
    }

    @Test
    void aBadKeyEndsTheRunWith5() throws IOException {
        try (Simulator provider = Simulator.start(flux("0.05").withKey("another"))) {
            assertThat(run(provider, config(3, ""))).isEqualTo(ExitStatus.ACCOUNT);
        }
        assertThat(manifest().path("failures").toString()).isEqualTo("{\"account_refused\":3}");
    }

    @Test
    void aPoorAccountIsAWarningBeforeItIsARefusal() throws IOException {
        SimulatorSettings poor = flux("0.04").withLimits(Limits.none().withBalance(new BigDecimal("0.10")));
        PrintStream before = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try (Simulator provider = Simulator.start(poor)) {
            assertThat(run(provider, config(4, ""))).isEqualTo(ExitStatus.ACCOUNT);
        } finally {
            System.setErr(before);
        }
        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("Warning: the account has $0.10 left, and what is still to run should cost $0.16.");
    }

    @Test
    void anEstimateOverTheBudgetIsRefusedBeforeAnything() throws IOException {
        Path config = Files.writeString(folder.resolve("batch.yaml"), config(20, "budget: 0.79\n"));
        Path out = folder.resolve("out");

        assertThat(ReelbatchCommand.execute("run", config.toString(), "--output-dir", out.toString()))
                .isEqualTo(ExitStatus.BUDGET);
        assertThat(out).doesNotExist();
    }

    private static SimulatorSettings flux(String price) {
        return SimulatorSettings.defaults()
                .withClock(new ScaledClock(SPEED, Instant.EPOCH))
                .withModels(ModelTable.tutorial().withPrice(FLUX, Price.each(price)));
    }

    private static String config(int jobs, String head) {
        StringBuilder config = new StringBuilder(head).append("max_workers: 8\njobs:\n");
        for (int i = 0; i < jobs; i++) {
            config.append("  - {name: Fox ").append(i).append(", type: image, model: ");
            config.append(FLUX).append(", prompt: fox number ").append(i).append("}\n");
        }
        return config.toString();
    }

    private int run(Simulator provider, String config) throws IOException {
        return run(new Provider(false, provider.baseUrl(), ApiKey.of("key-1")), config);
    }

    private int run(Provider provider, String config) throws IOException {
        ConfigFile file = ConfigFile.read(Files.writeString(folder.resolve("batch.yaml"), config));
        Path out = folder.resolve("out");
        try (BatchDirectory directory = BatchDirectory.open(out)) {
            return new BatchRunner(directory, out, provider, options()).start(file, StoreKind.LOCAL, 1);
        }
    }

    private int retry(Simulator simulator, String budget) throws IOException {
        Provider provider = new Provider(false, simulator.baseUrl(), ApiKey.of("key-1"));
        Path out = folder.resolve("out");
        try (BatchDirectory directory = BatchDirectory.open(out)) {
            return new BatchRunner(directory, out, provider, options())
                    .resume(
                            directory.marker().orElseThrow(),
                            true,
                            CommandLine.populateCommand(new NewLimits(), "--budget", budget));
        }
    }

    private static RunOptions options() {
        return CommandLine.populateCommand(new RunOptions(), "--speed", String.valueOf(SPEED));
    }

    private JsonNode manifest() throws IOException {
        return Json.mapper().readTree(Files.readAllBytes(folder.resolve("out/manifest.json")));
    }
}
