package io.reelbatch.adapters.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reelbatch.domain.provider.ApiKey;
import io.reelbatch.errors.StoreException;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;

class SecretKeyTest {
    private FakeAws aws;
    private SecretKey key;

    @BeforeEach
    void start() throws IOException {
        aws = new FakeAws();
        AwsClients clients = new AwsClients(aws.environment(), () -> AwsBasicCredentials.create("id", "secret"));
        key = new SecretKey(clients.secretsManager(), "reelbatch/key");
    }

    @AfterEach
    void stop() {
        aws.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"key-1", " key-1\n", "{\"ATLASCLOUD_API_KEY\": \"key-1\"}"})
    void theSecretIsTheKeyOrHoldsIt(String text) {
        aws.secret(text);

        assertThat(key.get().reveal()).isEqualTo("key-1");
    }

    @Test
    void itIsReadWhenItIsFirstAskedForAndKept() {
        aws.secret("key-1");

        assertThat(aws.calls()).isEmpty();
        key.get();
        key.get();

        assertThat(aws.calls()).containsExactly("GetSecretValue");
    }

    @Test
    void aRefusedKeyIsReplacedIfTheSecretHoldsAnotherByNow() {
        aws.secret("key-1");
        ApiKey first = key.get();
        aws.secret("key-2");

        assertThat(key.insteadOf(first).map(ApiKey::reveal)).contains("key-2");
        assertThat(key.get().reveal()).isEqualTo("key-2");
        assertThat(key.insteadOf(key.get())).isEmpty();
    }

    @Test
    void theAccountIsKnownWithoutTheKey() {
        assertThat(key.account()).isNotBlank();
        assertThat(aws.calls()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{\"ATLASCLOUD_API_KEY\": 3}", "{\"other\": \"top-secret\"}", "{top-secret", "top secret"})
    void aSecretWithoutAKeySaysHowToPutOneThereAndIsNotQuoted(String text) {
        aws.secret(text);

        assertThatThrownBy(key::get)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("reelbatch/key")
                .hasMessageContaining("ATLASCLOUD_API_KEY")
                .hasMessageNotContaining("top");
    }
}
