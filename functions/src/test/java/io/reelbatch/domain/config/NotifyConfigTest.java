package io.reelbatch.domain.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.reelbatch.domain.job.NotifySettings;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code notify}: what it means, and that its mistakes are told without what may be a secret. */
class NotifyConfigTest {
    private static final String JOBS = "jobs: [{name: A, type: image, model: m/x, prompt: p}]\n";

    @Test
    void wordOfTheBatchIsSentUnlessItIsOtherwise() {
        assertThat(settings("notify: {webhook: https://example.com/hook}"))
                .isEqualTo(new NotifySettings("https://example.com/hook", false, true, Optional.empty()));
        assertThat(settings("notify: {webhook: https://example.com/hook, on: [job, batch], secret: reelbatch/hook-2}"))
                .isEqualTo(new NotifySettings("https://example.com/hook", true, true, Optional.of("reelbatch/hook-2")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "whsec_x",
                "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "C2FVsBQIhrscChlQIMV+b5sSYspob7oDC2FVsBQIhrscChlQIMV+b5sSYspob7o=",
                "two words",
                "env:1NOT-A-NAME!"
            })
    void aLiteralSecretIsRefusedAndNotRepeated(String secret) {
        assertThat(refused("notify: {webhook: https://example.com/hook, secret: \"" + secret + "\"}"))
                .hasMessage(
                        "a.yaml:2: notify.secret: must be the name of a secret, and looks like a secret itself: keep"
                                + " that in the environment and write env:WEBHOOK_SECRET, or in Secrets Manager and write its"
                                + " name")
                .message()
                .doesNotContain(secret);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://example.com/token", "https://user:token@example.com/", "https:///token", "a-token"})
    void anAddressThatCannotBeCalledIsRefusedAndNotRepeated(String webhook) {
        assertThat(refused("notify: {webhook: \"" + webhook + "\"}"))
                .hasMessageStartingWith("a.yaml:2: notify.webhook: must be an https:// address")
                .message()
                .doesNotContain(webhook.substring(webhook.length() - 4));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost/token",
                "http://127.0.0.1:9000/token",
                "https://LocalHost/token",
                "https://[::1]/token",
                "https://localhost"
            })
    void anAddressOfThisMachineIsRefusedUnlessThatIsAllowed(String webhook) {
        byte[] config = (JOBS + "notify: {webhook: \"" + webhook + "\"}").getBytes(StandardCharsets.UTF_8);

        assertThat(catchThrowableOfType(
                        InvalidConfigException.class, () -> new ConfigReader(false).read("a.yaml", config)))
                .hasMessageStartingWith("a.yaml:2: notify.webhook: is an address of this machine")
                .hasMessageContaining("REELBATCH_LOCAL_WEBHOOKS=allow")
                .message()
                .doesNotContain("token");
        assertThat(new ConfigReader(true).read("a.yaml", config).notification()).isPresent();
    }

    @Test
    void aNameThatOnlyBeginsLikeThisMachinesIsTaken() {
        byte[] config = (JOBS + "notify: {webhook: https://localhost.example.com/}").getBytes(StandardCharsets.UTF_8);

        assertThat(new ConfigReader(false).read("a.yaml", config).notification())
                .isPresent();
    }

    private static NotifySettings settings(String notify) {
        return new ConfigReader()
                .read("a.yaml", (JOBS + notify).getBytes(StandardCharsets.UTF_8))
                .notification()
                .orElseThrow();
    }

    private static InvalidConfigException refused(String notify) {
        return catchThrowableOfType(
                InvalidConfigException.class,
                () -> new ConfigReader().read("a.yaml", (JOBS + notify).getBytes(StandardCharsets.UTF_8)));
    }
}
