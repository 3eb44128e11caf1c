package io.reelbatch.cli.simulator;

import static io.reelbatch.cli.simulator.Client.clip;
import static io.reelbatch.cli.simulator.Client.image;
import static io.reelbatch.cli.simulator.Client.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the account may do. */
class LimitsTest {
    private final SettableClock clock = new SettableClock();
    private Optional<Simulator> running = Optional.empty();

    @AfterEach
    void stop() throws IOException {
        if (running.isPresent()) {
            running.get().close();
        }
    }

    @Test
    void onlySoManyGenerateAtOnce() throws Exception {
        Client client = start(Limits.none().withConcurrent(3).withRetryAfter(Duration.ofSeconds(2)));
        for (int job = 0; job < 3; job++) {
            client.accepted(image("fox " + job));
        }
        var refused = client.submit(image("one more"));

        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("Retry-After")).hasValue("2");
        // Three flux pictures take 20 s at most.
        clock.advanceSeconds(20);
        assertThat(client.submit(image("one more")).statusCode()).isEqualTo(200);
        assertThat(ledger().throttled()).isEqualTo(1);
    }

    @Test
    void onlySoManySubmitsComeInASecond() throws Exception {
        Client client = start(Limits.none().withRate(10, 2));

        assertThat(statuses(client, 3)).containsExactly(200, 200, 429);
        clock.advance(Duration.ofMillis(100));
        assertThat(statuses(client, 2)).containsExactly(200, 429);
        clock.advanceSeconds(60);
        assertThat(statuses(client, 3)).as("the bucket holds 2").containsExactly(200, 200, 429);
    }

    @Test
    void theBalanceIsSpentAndComesBackWithAFailure() throws Exception {
        Simulator simulator = Simulator.start(SimulatorSettings.defaults()
                .withClock(clock)
                .withLimits(Limits.none().withBalance(new BigDecimal("0.30")))
                .withFaults(FaultPlan.eachJob(Fault.FAILED)));
        running = Optional.of(simulator);
        Client client = new Client(simulator);

        assertThat(client.submit(clip("ten seconds cost 0.22", 10)).statusCode())
                .isEqualTo(200);
        assertThat(client.submit(clip("another", 10)).statusCode()).isEqualTo(402);
        String url = URI.create(simulator.baseUrl() + "/../../public/v1/balance")
                .normalize()
                .toString();
        assertThat(json(client.get(url)).at("/available/value").asText()).isEqualTo("0.080000");
        clock.advanceSeconds(90);
        assertThat(client.submit(clip("another", 10)).statusCode()).isEqualTo(200);
    }

    private Client start(Limits limits) throws IOException {
        Simulator simulator =
                Simulator.start(SimulatorSettings.defaults().withClock(clock).withLimits(limits));
        running = Optional.of(simulator);
        return new Client(simulator);
    }

    private Ledger ledger() {
        return running.orElseThrow().ledger();
    }

    private static int[] statuses(Client client, int submits) throws IOException, InterruptedException {
        int[] statuses = new int[submits];
        for (int i = 0; i < submits; i++) {
            statuses[i] = client.submit(image("fox")).statusCode();
        }
        return statuses;
    }
}
