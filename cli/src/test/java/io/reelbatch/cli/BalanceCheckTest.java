package io.reelbatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.reelbatch.adapters.provider.ProviderClient;
import io.reelbatch.adapters.provider.ProviderSettings;
import io.reelbatch.cli.simulator.Limits;
import io.reelbatch.cli.simulator.Simulator;
import io.reelbatch.cli.simulator.SimulatorSettings;
import io.reelbatch.domain.job.BatchSettings.ProviderApi;
import io.reelbatch.domain.provider.Answer;
import io.reelbatch.domain.provider.ApiKey;
import io.reelbatch.domain.provider.Balance;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BalanceCheckTest {
    private static final BigDecimal NEEDED = new BigDecimal("0.95");

    @Test
    void anAccountThatDoesNotCoverTheRestIsAWarning() throws Exception {
        SimulatorSettings poor =
                SimulatorSettings.defaults().withLimits(Limits.none().withBalance(new BigDecimal("0.50")));
        CompletableFuture<String> said = new CompletableFuture<>();
        try (Simulator simulator = Simulator.start(poor);
                ProviderClient client = new ProviderClient(
                        ProviderSettings.of(simulator.baseUrl(), () -> ApiKey.of("key-1"), ProviderApi.ATLAS));
                BalanceCheck check = BalanceCheck.start(client, NEEDED, said::complete)) {
            assertThat(check).isNotNull();
            assertThat(said.get(20, TimeUnit.SECONDS))
                    .startsWith("Warning: the account has $0.50 left, and what is still to run should cost $0.95");
        }
    }

    @Test
    void enoughIsNotWorthAWord() {
        assertThat(BalanceCheck.sentence(new Answer.Ok<>(new Balance(NEEDED, "usd")), NEEDED))
                .isEmpty();
    }

    @Test
    void anotherCurrencyIsNotCompared() {
        assertThat(BalanceCheck.sentence(new Answer.Ok<>(new Balance(BigDecimal.TEN, "eur")), NEEDED))
                .hasValueSatisfying(said -> assertThat(said).contains("eur"));
    }

    @Test
    void aBalanceThatIsNotToBeHadIsOneLine() {
        Answer<Balance> none = new Answer.Unavailable<>("no connection", Optional.empty());

        assertThat(BalanceCheck.sentence(none, NEEDED)).contains("The account's balance is not known: no connection.");
    }

    @Test
    void nobodyIsAskedForNothing() throws IOException {
        try (ProviderClient nowhere = new ProviderClient(ProviderSettings.of(
                java.net.URI.create("http://127.0.0.1:1"), () -> ApiKey.of("key-1"), ProviderApi.ATLAS))) {
            CompletableFuture<String> said = new CompletableFuture<>();
            BalanceCheck.start(nowhere, BigDecimal.ZERO, said::complete).close();
            assertThat(said).isNotDone();
        }
    }
}
