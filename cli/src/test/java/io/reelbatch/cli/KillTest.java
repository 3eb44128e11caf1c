package io.reelbatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.reelbatch.cli.CommandProcess.Ended;
import io.reelbatch.cli.CommandProcess.Running;
import io.reelbatch.cli.local.ScaledClock;
import io.reelbatch.cli.simulator.Fault;
import io.reelbatch.cli.simulator.FaultPlan;
import io.reelbatch.cli.simulator.Ledger;
import io.reelbatch.cli.simulator.Occasion;
import io.reelbatch.cli.simulator.Simulator;
import io.reelbatch.cli.simulator.SimulatorSettings;
import io.reelbatch.domain.json.Json;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command's process is killed at 20 moments of one batch and resumed each time; the provider keeps its own ledger. */
class KillTest {
    private static final int KILLS = 20;
    private static final int JOBS = 80;
    private static final int WORKERS = 3;
    private static final int SPEED = 100;
    private static final String FAST = "--speed=" + SPEED;
    private static final Duration LONGEST_JITTER = Duration.ofMillis(20);

    private final Random random = new Random(20);
    private final Trigger trigger = new Trigger();

    @TempDir
    private Path home;

    @Test
    void nothingIsPaidTwiceUnknowinglyAndNothingIsLost() throws Exception {
        SimulatorSettings settings = SimulatorSettings.defaults()
                .withSeed(20)
                .withClock(new ScaledClock(SPEED, Instant.EPOCH))
                .withFaults(trigger);
        try (Simulator provider = Simulator.start(settings)) {
            CommandProcess command = new CommandProcess(home).with(provider.baseUrl(), "a-key");
            command.write("batch.yaml", config());
            for (int kill = 0; kill < KILLS; kill++) {
                String[] arguments =
                        kill == 0 ? new String[] {"run", "batch.yaml", FAST} : new String[] {"resume", "out", FAST};
                killInTheMiddle(command.start(arguments));
            }
            Ended last = command.run("resume", "out", FAST);
            JsonNode manifest = manifest();
            assertThat(last.status()).as(last.err()).isIn(ExitStatus.OK, ExitStatus.FAILED_JOBS);
            assertOnlyTwiceUnknownFailed(manifest);
            if (last.status() != ExitStatus.OK) {
                last = command.run("retry", "out", FAST);
                manifest = manifest();
            }
            assertThat(last.status()).as(last.err()).isZero();
            assertAllStored(provider, manifest);
            assertNobodyPaidUnknowingly(provider.ledger(), manifest);
            tell(provider.ledger(), manifest);
        }
    }

    @SuppressWarnings("SystemOut") // what was seen, beside that it was allowed
    private static void tell(Ledger ledger, JsonNode manifest) {
        int unknown = 0;
        for (JsonNode job : manifest.path("results")) {
            unknown += job.path("unknown_submits").asInt();
        }
        System.out.printf(
                "%d kills: %d jobs stored, %d submits, %d charges, %d of them after a lost answer that the manifest names%n",
                KILLS, JOBS, ledger.submits().size(), ledger.charges().size(), unknown);
    }

    private static String config() {
        return "output_dir: out\nmax_workers: " + WORKERS + "\n"
                + "defaults: {model: black-forest-labs/flux-2-pro/text-to-image, type: image, width: 64, height: 64}\n"
                + "jobs:\n"
                + IntStream.range(0, JOBS)
                        .mapToObj(i -> "  - {name: job " + i + ", prompt: fox " + i + "}\n")
                        .collect(Collectors.joining());
    }

    /** Waits for a moment drawn by lot, and then a little longer. */
    private void killInTheMiddle(Running running) throws IOException, InterruptedException {
        // The first submits after a resume are those whose answers the last kill lost: hitting them twice is for
        // another test.
        Fault.Stage stage = List.of(Fault.Stage.SUBMIT, Fault.Stage.POLL, Fault.Stage.DOWNLOAD)
                .get(random.nextInt(3));
        int count = switch (stage) {
            case SUBMIT -> WORKERS + 1 + random.nextInt(3);
            case POLL -> WORKERS + random.nextInt(8);
            default -> 1 + random.nextInt(4);
        };
        CountDownLatch moment = trigger.arm(stage, count);
        while (!moment.await(100, TimeUnit.MILLISECONDS)) {
            assertThat(running.process().isAlive())
                    .as("alive before its kill at %s %s: %s", stage, count, running.said())
                    .isTrue();
        }
        LockSupport.parkNanos((long) (LONGEST_JITTER.toNanos() * random.nextDouble()));
        running.kill();
    }

    private JsonNode manifest() throws IOException {
        return Json.mapper().readTree(Files.readAllBytes(home.resolve("out/manifest.json")));
    }

    /** A job whose resubmission was hit as well is not sent a third time without being asked for. */
    private static void assertOnlyTwiceUnknownFailed(JsonNode manifest) {
        assertThat(manifest.path("results"))
                .filteredOn(job -> !job.path("status").asText().equals("success"))
                .allSatisfy(job -> {
                    assertThat(job.path("reason").asText()).as("%s", job).isEqualTo("unknown_submit");
                    assertThat(job.path("unknown_submits").asInt()).isEqualTo(2);
                });
    }

    private void assertAllStored(Simulator provider, JsonNode manifest) throws Exception {
        assertThat(manifest.path("results")).hasSize(JOBS);
        for (JsonNode job : manifest.path("results")) {
            String stored = sha256(Files.readAllBytes(
                    home.resolve("out").resolve(job.path("path").asText())));
            List<String> served = new ArrayList<>();
            for (JsonNode id : job.path("predictions")) {
                served.add(sha256(provider.output(id.asText())));
            }
            assertThat(job.path("sha256").asText()).isEqualTo(stored);
            assertThat(served).contains(stored);
        }
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private static void assertNobodyPaidUnknowingly(Ledger ledger, JsonNode manifest) {
        Map<String, Long> charges =
                ledger.charges().stream().collect(Collectors.groupingBy(Ledger.Charge::prompt, Collectors.counting()));
        Set<String> known = new HashSet<>();
        for (JsonNode job : manifest.path("results")) {
            long paid = charges.getOrDefault(job.path("prompt").asText(), 0L);
            assertThat(paid)
                    .as("charges of %s", job)
                    .isBetween(1L, 1L + job.path("unknown_submits").asInt());
            job.path("predictions").forEach(id -> known.add(id.asText()));
        }
        long unknown = ledger.entries().stream()
                .filter(entry -> !known.contains(entry.prediction().id()))
                .count();
        BigDecimal atRisk = manifest.at("/ledger/at_risk").decimalValue();
        assertThat(new BigDecimal("0.04").multiply(BigDecimal.valueOf(unknown)))
                .as("paid for and not known by an id, against what the manifest calls at risk")
                .isLessThanOrEqualTo(atRisk);
        assertThat(manifest.at("/ledger/charged").decimalValue().add(atRisk))
                .as("charged and at risk, against what the provider charged")
                .isGreaterThanOrEqualTo(ledger.charged());
    }

    /** Nothing goes wrong at the provider; it only tells when it was asked so often. */
    private static final class Trigger implements FaultPlan {
        private final Map<Fault.Stage, Integer> seen = new EnumMap<>(Fault.Stage.class);
        private Fault.Stage stage = Fault.Stage.SUBMIT;
        private int count = Integer.MAX_VALUE;
        private CountDownLatch reached = new CountDownLatch(1);

        /** Counts from now on; the latch opens at that request of that stage. */
        synchronized CountDownLatch arm(Fault.Stage newStage, int newCount) {
            seen.clear();
            stage = newStage;
            count = newCount;
            reached = new CountDownLatch(1);
            return reached;
        }

        @Override
        public synchronized Optional<Fault> at(Occasion occasion, double chance) {
            int times = seen.merge(occasion.stage(), 1, Integer::sum);
            if (occasion.stage() == stage && times == count) {
                reached.countDown();
            }
            return Optional.empty();
        }
    }
}
