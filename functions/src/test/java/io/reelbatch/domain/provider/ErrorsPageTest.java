package io.reelbatch.domain.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.reelbatch.domain.job.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** {@code docs/errors.md} says what the code does. */
class ErrorsPageTest {
    private static final Path PAGE = Path.of("..", "docs", "errors.md");

    @Test
    void theTableOfSubmitsIsTheOneInTheCode() throws IOException {
        List<String> expected =
                Arrays.stream(ErrorRule.values()).map(ErrorsPageTest::row).toList();

        assertThat(rows("What an answer to a submit means")).isEqualTo(expected);
    }

    @Test
    void theTableOfReasonsIsTheOneInTheCode() throws IOException {
        List<String> expected = Arrays.stream(Reason.values())
                .map(reason -> "| `" + reason.word() + "` | "
                        + String.join(" | ", reason.whatHappened(), reason.money(), reason.whatToDo()) + " |")
                .toList();

        assertThat(rows("Why a job failed")).isEqualTo(expected);
    }

    @Test
    void everyOutcomeOfADownloadHasARow() throws IOException {
        List<String> outcomes = Arrays.stream(Download.class.getPermittedSubclasses())
                .filter(outcome -> outcome != Download.Done.class)
                .map(outcome -> words(outcome.getSimpleName()))
                .toList();

        assertThat(rows("What can become of a download").stream()
                        .map(row -> cells(row).get(0)))
                .containsExactlyElementsOf(outcomes);
    }

    private static String row(ErrorRule rule) {
        return "| "
                + String.join(
                        " | ",
                        rule.answer(),
                        rule.meaning(),
                        rule.accepted().word(),
                        rule.accepted().money(),
                        rule.resend().text(),
                        rule.whatToDo())
                + " |";
    }

    /** The lines of the first table under a heading, without its head. */
    private static List<String> rows(String heading) throws IOException {
        List<String> lines = Files.readAllLines(PAGE);
        int start = lines.indexOf("## " + heading);
        assertThat(start).as(heading).isNotNegative();
        return lines.subList(start, lines.size()).stream()
                .dropWhile(line -> !line.startsWith("|"))
                .takeWhile(line -> line.startsWith("|"))
                .skip(2)
                .toList();
    }

    private static List<String> cells(String row) {
        return Arrays.stream(row.substring(1, row.length() - 1).split("\\|"))
                .map(String::strip)
                .toList();
    }

    /** {@code TooLarge} as {@code too large}. */
    private static String words(String name) {
        return name.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }
}
