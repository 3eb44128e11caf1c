package io.reelbatch.domain.planning;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SlugsTest {
    static Stream<Arguments> names() {
        return Stream.of(
                Arguments.of("Hero Shot", "hero_shot"),
                Arguments.of("Unboxing Clip", "unboxing_clip"),
                Arguments.of("Latte Art Close-up", "latte_art_closeup"),
                Arguments.of("50% off! (today)", "50_off_today"),
                Arguments.of("a/b\\c:d*e?f\"g<h>i|j", "abcdefghij"),
                Arguments.of("../../etc/passwd", "etcpasswd"),
                Arguments.of("tab\there\u00A0and\u3000there", "tab_here_and_there"),
                Arguments.of("CAFÉ", "café"),
                Arguments.of("Cafe\u0301", "café"),
                Arguments.of("İstanbul", "i\u0307stanbul"),
                Arguments.of("秋の新作", "秋の新作"),
                Arguments.of("हिन्दी", "हिन्दी"),
                Arguments.of("١٢٣", "١٢٣"),
                Arguments.of("shot 🎬 one", "shot__one"),
                Arguments.of("zero\u0000width\u200B\u202E", "zerowidth"),
                Arguments.of("x²", "x"),
                Arguments.of("CON", "con_"),
                Arguments.of("Lpt1", "lpt1_"),
                Arguments.of("nul.", "nul_"),
                Arguments.of("console", "console"));
    }

    @ParameterizedTest
    @MethodSource("names")
    void aNameBecomesAFileName(String name, String slug) {
        assertThat(Slugs.natural(name, 0)).isEqualTo(slug);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../", "..", "🎬", "___", " ", "\u0301", "%"})
    void aNameWithoutLetterOrDigitBecomesItsPlaceInTheList(String name) {
        assertThat(Slugs.natural(name, 4)).isEqualTo("job_5");
    }

    @Test
    void aClashGetsTheNextNumber() {
        assertThat(slugs("Hero", "hero", "HERO!")).containsExactly("hero", "hero_2", "hero_3");
    }

    @Test
    void aNameThatLooksLikeANumberedOneKeepsItsOwn() {
        assertThat(slugs("a", "a", "a_2", "a", "a 2")).containsExactly("a", "a_3", "a_2", "a_4", "a_2_2");
    }

    @Test
    void namesThatSomeFileSystemTakesForOneClash() {
        assertThat(slugs("straße", "STRASSE")).containsExactly("straße", "strasse_2");
        assertThat(slugs("ﬁlm", "film")).containsExactly("ﬁlm", "film_2");
        assertThat(slugs("job 2", "%")).containsExactly("job_2", "job_2_2");
    }

    @Test
    void longNamesAreCutBetweenCharacters() {
        assertThat(Slugs.natural("x".repeat(200), 0)).isEqualTo("x".repeat(100));
        assertThat(Slugs.natural("秋".repeat(200), 0)).isEqualTo("秋".repeat(33));
        assertThat(Slugs.natural("a" + "𐐨".repeat(199), 0)).isEqualTo("a" + "𐐨".repeat(24));
        assertThat(slugs("x".repeat(150), "x".repeat(160))).last().isEqualTo("x".repeat(98) + "_2");
    }

    @Test
    @Timeout(60)
    void aHundredThousandOfOneNameAreNumberedQuickly() {
        List<String> names = IntStream.range(0, 100_000).mapToObj(i -> "same").toList();

        assertThat(Slugs.of(names, IntStream.range(0, 100_000).boxed().toList()))
                .doesNotHaveDuplicates()
                .last()
                .isEqualTo("same_100000");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void whateverTheNamesAreTheFilesStayApartAndInTheirFolder(long seed) {
        List<String> names = randomNames(new Random(seed));

        List<String> slugs =
                Slugs.of(names, IntStream.range(0, names.size()).boxed().toList());

        assertThat(slugs).hasSameSizeAs(names).allSatisfy(SlugsTest::isSafe);
        assertThat(slugs.stream()
                        .map(slug ->
                                Normalizer.normalize(slug, Normalizer.Form.NFD).toUpperCase(Locale.ROOT)))
                .doesNotHaveDuplicates();
    }

    private static void isSafe(String slug) {
        Path folder = Path.of("out", "images");
        assertThat(slug).isNotBlank().doesNotContain("/", "\\", ".", "\u0000");
        assertThat(folder.resolve(slug + ".png").normalize().getParent()).isEqualTo(folder);
        assertThat(slug.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(100);
        assertThat(slug).doesNotMatch("con|prn|aux|nul|com[0-9]|lpt[0-9]");
    }

    /** Short names of few characters, so that they clash, and now and then any character at all. */
    private static List<String> randomNames(Random random) {
        int[] alphabet = "aAbB_2 .-/\\éE\u0301ßſſKı秋🎬".codePoints().toArray();
        List<String> names = new ArrayList<>(List.of("con", "a", "a", "a_2", "..", "/"));
        for (int i = 0; i < 1_000; i++) {
            StringBuilder name = new StringBuilder();
            int length = 1 + random.nextInt(i % 50 == 0 ? 200 : 4);
            for (int j = 0; j < length; j++) {
                boolean any = random.nextInt(20) == 0;
                name.appendCodePoint(any ? anyCharacter(random) : alphabet[random.nextInt(alphabet.length)]);
            }
            names.add(name.toString());
        }
        return names;
    }

    private static int anyCharacter(Random random) {
        int character = random.nextInt(Character.MAX_CODE_POINT + 1);
        return Character.getType(character) == Character.SURROGATE ? 'x' : character;
    }

    private static List<String> slugs(String... names) {
        return Slugs.of(List.of(names), IntStream.range(0, names.length).boxed().toList());
    }
}
