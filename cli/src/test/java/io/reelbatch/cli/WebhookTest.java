package io.reelbatch.cli;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.reelbatch.domain.provider.ApiKey;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookTest {
    @ParameterizedTest
    @ValueSource(strings = {"http://example.com/hooks", "ftp://example.com", "here", "https://example.com/?a=b", "a b"})
    void anAddressThatNoProviderCanCallIsRefused(String url) {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> Webhook.start(Optional.of(url), 0))
                .withMessageContaining("--webhook-url");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://127.0.0.1:0", "http://localhost:8790", "https://LOCALHOST/hooks", "https://[::1]/hooks"})
    void anAddressOfThisMachineIsNoneForAProviderElsewhere(String url) {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> Webhook.check(Optional.of(url), provider(false, "https://provider.example/api")))
                .withMessageContaining("--webhook-url is " + url)
                .withMessageContaining("provider.example");
    }

    @Test
    void theSimulatorAndAProviderOnThisMachineCanCallIt() {
        Optional<String> here = Optional.of("http://127.0.0.1:0");

        assertThatNoException().isThrownBy(() -> {
            Webhook.check(here, provider(true, "https://provider.example/api"));
            Webhook.check(here, provider(false, "http://127.0.0.1:4010/api"));
            Webhook.check(Optional.of("https://tunnel.example.com/hooks"), provider(false, "https://provider.example"));
            Webhook.check(Optional.empty(), provider(false, "https://provider.example"));
        });
    }

    private static Provider provider(boolean simulated, String url) {
        return new Provider(simulated, URI.create(url), ApiKey.of("no-key"));
    }

    @Test
    void anAddressOfThisMachineOrATunnelToItIsTaken() throws IOException {
        Webhook.start(Optional.of("http://127.0.0.1:0"), 0).close();
        Webhook.start(Optional.of("https://tunnel.example.com/hooks"), 0).close();
        Webhook.start(Optional.empty(), 0).close();
    }
}
