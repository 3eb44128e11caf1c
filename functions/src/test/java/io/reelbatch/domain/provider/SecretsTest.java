package io.reelbatch.domain.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The key stays where it belongs. */
class SecretsTest {
    private static final String KEY = "ak/12+34=";

    @Test
    void aKeyDescribesItselfWithoutItsText() {
        ApiKey key = ApiKey.of(KEY);

        assertThat(key.toString()).isEqualTo("ApiKey[***]");
        assertThat(String.valueOf(Secrets.of(key))).doesNotContain(KEY);
    }

    @Test
    void masksTheKeyAsItIsAndAsPartOfAUrl() {
        Secrets secrets = Secrets.of(ApiKey.of(KEY));

        assertThat(secrets.mask("a " + KEY + " b " + KEY)).isEqualTo("a *** b ***");
        assertThat(secrets.mask("https://x/?key=ak%2F12%2B34%3D&y")).isEqualTo("https://x/?key=***&y");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Authorization: Bearer abc.DEF-123_~+/==", "\"Authorization\":\"bearer abc.DEF-123_~+/==\""})
    void masksEveryBearerTokenEvenIfItKnowsNoKey(String text) {
        assertThat(Secrets.NONE.mask(text)).contains("***").doesNotContain("abc.DEF");
    }

    @Test
    void leavesOtherTextAlone() {
        assertThat(Secrets.of(ApiKey.of(KEY)).mask("a bear at rest $1 \\")).isEqualTo("a bear at rest $1 \\");
    }

    @Test
    void takesOffBlanksAroundAKey() {
        assertThat(ApiKey.of(" " + KEY + "\n").reveal()).isEqualTo(KEY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "two words", "line\nbreak", "m\u00fcller"})
    void refusesAKeyThatCannotBeOneWithoutShowingIt(String text) {
        assertThatThrownBy(() -> ApiKey.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .satisfies(message ->
                        assertThat(text.isBlank() || !message.contains(text)).isTrue());
    }
}
