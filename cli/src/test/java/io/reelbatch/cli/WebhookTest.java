package io.reelbatch.cli;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
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

    @Test
    void anAddressOfThisMachineOrATunnelToItIsTaken() throws IOException {
        Webhook.start(Optional.of("http://127.0.0.1:0"), 0).close();
        Webhook.start(Optional.of("https://tunnel.example.com/hooks"), 0).close();
        Webhook.start(Optional.empty(), 0).close();
    }
}
