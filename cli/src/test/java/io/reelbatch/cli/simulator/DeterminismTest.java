package io.reelbatch.cli.simulator;

import static io.reelbatch.cli.simulator.Client.clip;
import static io.reelbatch.cli.simulator.Client.image;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The same seed means the same fate, whatever the order of arrival. */
class DeterminismTest {
    private static final FaultPlan HALF_FAIL = FaultPlan.chances(Map.of(Fault.FAILED, 0.5));

    /** What a job's fate consists of. */
    private record Fate(Duration time, Prediction.Outcome outcome, long seed) {}

    @Test
    void theOrderOfArrivalChangesNoJob() throws Exception {
        List<String> jobs = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            jobs.add(i % 2 == 0 ? image("fox " + i) : clip("waves " + i, 5));
        }
        Map<String, Fate> forwards = fates(7, jobs);
        Collections.reverse(jobs);

        assertThat(fates(7, jobs)).isEqualTo(forwards);
        assertThat(fates(8, jobs)).isNotEqualTo(forwards);
    }

    @Test
    void timesLieWithinTheRangeOfTheModel() throws Exception {
        List<String> jobs = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            jobs.add(clip("waves " + i, 5));
        }
        List<Duration> times =
                fates(1, jobs).values().stream().map(Fate::time).sorted().toList();

        // Seedance takes 30 to 90 s; 100 draws leave no end of that range empty.
        assertThat(times.get(0)).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(36));
        assertThat(times.get(99)).isBetween(Duration.ofSeconds(84), Duration.ofSeconds(90));
    }

    @Test
    void twoTakesOfOnePromptDifferButTheSameSeedInTheRequestDoesNot() throws Exception {
        SettableClock clock = new SettableClock();
        try (Simulator simulator = Simulator.start(SimulatorSettings.defaults().withClock(clock))) {
            Client client = new Client(simulator);
            String seeded = image("a red fox").replace("{", "{\"seed\":42,");
            List<String> ids = List.of(
                    client.accepted(image("a red fox")),
                    client.accepted(image("a red fox")),
                    client.accepted(seeded),
                    client.accepted(seeded));
            clock.advanceSeconds(20);
            List<byte[]> files = new ArrayList<>();
            for (String id : ids) {
                files.add(client.get(client.output(id)).body());
            }

            assertThat(ids).doesNotHaveDuplicates();
            assertThat(files.get(0)).isNotEqualTo(files.get(1));
            assertThat(files.get(2)).isEqualTo(files.get(3));
        }
    }

    private static Map<String, Fate> fates(long seed, List<String> jobs) throws IOException, InterruptedException {
        SimulatorSettings settings = SimulatorSettings.defaults()
                .withSeed(seed)
                .withClock(new SettableClock())
                .withFaults(HALF_FAIL);
        Map<String, Fate> fates = new TreeMap<>();
        try (Simulator simulator = Simulator.start(settings)) {
            Client client = new Client(simulator);
            for (String job : jobs) {
                client.accepted(job);
            }
            for (Ledger.Entry entry : simulator.ledger().entries()) {
                Prediction one = entry.prediction();
                fates.put(one.prompt(), new Fate(one.generationTime(), one.outcome(), one.seed()));
            }
        }
        return fates;
    }
}
