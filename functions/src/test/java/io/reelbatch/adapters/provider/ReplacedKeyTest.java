package io.reelbatch.adapters.provider;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static org.assertj.core.api.Assertions.assertThat;

import io.reelbatch.domain.job.BatchSettings.ProviderApi;
import io.reelbatch.domain.provider.Answer;
import io.reelbatch.domain.provider.ApiKey;
import io.reelbatch.domain.provider.KeySource;
import io.reelbatch.domain.provider.PollAnswer;
import io.reelbatch.domain.provider.SubmitAnswer;
import java.io.ByteArrayInputStream;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A key that is replaced while a batch runs. */
class ReplacedKeyTest extends ProviderTestBase {
    private static final String ACCEPTED = "{\"code\":200,\"data\":{\"id\":\"p1\",\"status\":\"processing\"}}";

    /** A source that gives an old key until it is refused. */
    private static KeySource source(String replacement) {
        return new KeySource() {
            private String current = "old-key";

            @Override
            public ApiKey get() {
                return ApiKey.of(current);
            }

            @Override
            public Optional<ApiKey> insteadOf(ApiKey refused) {
                current = replacement;
                return replacement.equals(refused.reveal()) ? Optional.empty() : Optional.of(get());
            }
        };
    }

    private ProviderClient client(String replacement) {
        return client(ProviderSettings.of(base(), source(replacement), ProviderApi.ATLAS));
    }

    @BeforeEach
    void onlyTheNewKeyIsGood() {
        SERVER.resetAll();
        SERVER.stubFor(
                any(anyUrl()).willReturn(aResponse().withStatus(401).withBody("{\"code\":401,\"msg\":\"bad key\"}")));
        SERVER.stubFor(any(anyUrl())
                .withHeader("Authorization", equalTo("Bearer new-key"))
                .willReturn(aResponse().withStatus(200).withBody(ACCEPTED)));
    }

    @Test
    void aSubmitIsSentAgainWithTheNewKey() {
        SubmitAnswer answer = client("new-key").submit("generateImage", body(), TIMEOUT);

        assertThat(answer).isInstanceOf(SubmitAnswer.Accepted.class);
        SERVER.verify(2, anyRequestedFor(anyUrl()));
    }

    @Test
    void aKeyThatIsStillTheSameIsNotTriedAgain() {
        SubmitAnswer answer = client("old-key").submit("generateImage", body(), TIMEOUT);

        assertThat(answer).isInstanceOf(SubmitAnswer.Refused.class);
        SERVER.verify(1, anyRequestedFor(anyUrl()));
    }

    @Test
    void aSecondKeyThatIsRefusedTooIsTheEnd() {
        SubmitAnswer answer = client("worse-key").submit("generateImage", body(), TIMEOUT);

        assertThat(answer).isInstanceOf(SubmitAnswer.Refused.class);
        SERVER.verify(2, anyRequestedFor(anyUrl()));
    }

    @Test
    void aPollIsAskedAgainWithTheNewKey() {
        assertThat(client("new-key").poll("p1", Optional.empty())).isInstanceOf(PollAnswer.Pending.class);
        SERVER.verify(2, anyRequestedFor(anyUrl()));
    }

    @Test
    void anUploadWhoseBytesAreGoneIsPutOff() {
        Answer<?> answer = client("new-key")
                .upload("a.png", "image/png", new ByteArrayInputStream(new byte[] {1, 2, 3}), 3, TIMEOUT);

        assertThat(answer).isInstanceOf(Answer.Unavailable.class);
        SERVER.verify(1, anyRequestedFor(anyUrl()));
    }
}
