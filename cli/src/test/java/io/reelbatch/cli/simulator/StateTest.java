package io.reelbatch.cli.simulator;

import static io.reelbatch.cli.simulator.Client.clip;
import static io.reelbatch.cli.simulator.Client.image;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the state file keeps over restarts. */
class StateTest {
    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock();
    private SimulatorSettings settings = SimulatorSettings.defaults();

    @BeforeEach
    void keepState() {
        settings =
                SimulatorSettings.defaults().withSeed(7).withClock(clock).withState(folder.resolve("new/state.jsonl"));
    }

    @Test
    void jobsAndChargesOutliveARestartOnAnotherPort() throws Exception {
        Ledger before;
        String done;
        String open;
        try (Simulator first = Simulator.start(
                settings.withFaults(FaultPlan.eachJob(Fault.SUBMIT_500).only("a red fox")))) {
            Client client = new Client(first);
            client.submit(image("a red fox"));
            done = client.accepted(image("a red fox"));
            open = client.accepted(clip("Füchse, 狐", 10));
            clock.advanceSeconds(20);
            client.poll(done);
            before = first.ledger();
        }
        try (Simulator second = Simulator.start(settings)) {
            Client client = new Client(second);
            assertThat(second.ledger().submits()).isEqualTo(before.submits());
            assertThat(second.ledger().charges()).isEqualTo(before.charges());
            assertThat(second.ledger().charged()).isEqualByComparingTo("0.26");
            assertThat(second.ledger().entry(done).orElseThrow().noticedAt()).hasValue(clock.instant());
            clock.advanceSeconds(90);
            String root = second.baseUrl().resolve("/").toString();
            assertThat(client.get(client.output(done)).body()).isNotEmpty();
            assertThat(client.output(open)).startsWith(root).endsWith(".mp4");
        }
    }

    @Test
    void aLostSubmitIsInTheStateToo() throws Exception {
        try (Simulator first = Simulator.start(settings.withFaults(FaultPlan.eachJob(Fault.LOST)))) {
            Client client = new Client(first);
            assertThatIOException().isThrownBy(() -> client.submit(image("a red fox")));
        }
        try (Simulator second = Simulator.start(settings)) {
            assertThat(second.ledger().charges()).hasSize(1);
            assertThat(second.ledger().submits())
                    .extracting(Ledger.Submit::fault)
                    .allMatch(fault -> fault.equals(Optional.of(Fault.LOST)));
        }
    }

    @Test
    void aLineCutByAKillIsDropped() throws Exception {
        Path file = settings.state().orElseThrow();
        try (Simulator first = Simulator.start(settings)) {
            new Client(first).accepted(image("a red fox"));
        }
        Files.writeString(file, "{\"event\":\"SUBM", StandardOpenOption.APPEND);
        try (Simulator second = Simulator.start(settings)) {
            new Client(second).accepted(image("a red fox"));
        }
        try (Simulator third = Simulator.start(settings)) {
            assertThat(third.ledger().charges()).hasSize(2);
        }
    }

    @Test
    void timeNeverGoesBackBehindTheState() throws Exception {
        String id;
        try (Simulator first = Simulator.start(settings)) {
            clock.advance(Duration.ofHours(1));
            id = new Client(first).accepted(image("a red fox"));
        }
        SettableClock slow = new SettableClock();
        try (Simulator second = Simulator.start(settings.withClock(slow))) {
            slow.advanceSeconds(20);
            assertThat(new Client(second).poll(id).at("/data/status").asText()).isEqualTo("completed");
        }
    }

    @Test
    void twoSimulatorsCannotShareAStateFile() throws Exception {
        try (Simulator first = Simulator.start(settings)) {
            assertThat(first.baseUrl()).isNotNull();
            assertThatIOException().isThrownBy(() -> Simulator.start(settings)).withMessageContaining("in use");
        }
    }

    @Test
    void theKeyIsNotInTheStateFile() throws Exception {
        try (Simulator first = Simulator.start(settings.withKey("sk-secret"))) {
            new Client(first).post("/model/generateImage", image("fox"), "Authorization", "Bearer sk-secret");
            assertThat(first.ledger().charges()).hasSize(1);
        }
        assertThat(content()).contains("fox").doesNotContain("sk-secret");
    }

    private String content() throws IOException {
        return Files.readString(settings.state().orElseThrow());
    }
}
