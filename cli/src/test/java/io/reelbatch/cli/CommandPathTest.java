package io.reelbatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandPathTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "weekly_content, weekly_content",
                "/srv/reels/week-48, /srv/reels/week-48",
                "été/日本, été/日本",
                "my batch, 'my batch'",
                "it's, 'it'\\''s'",
                "~/x, '~/x'",
                "$HOME, '$HOME'",
            })
    void aSuggestedCommandCanBePastedIntoAShell(String path, String word) {
        assertThat(CommandPath.word(Path.of(path))).isEqualTo(word);
    }

    @Test
    void aTildeIsTheUsersHome() {
        assertThat(CommandPath.named("~/reels"))
                .isAbsolute()
                .endsWithRaw(Path.of("reels"))
                .doesNotHaveToString("~/reels");
        assertThat(CommandPath.named("a~/b")).isEqualTo(Path.of("a~/b"));
        assertThat(CommandPath.named("../b")).isEqualTo(Path.of("../b"));
    }
}
