package io.reelbatch.engine.jsonata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Step Functions adds to the language and takes from it, with values measured on the service. */
class StepFunctionsTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static @Nullable JsonNode evaluate(String expression) throws Exception {
        return Expression.compile(expression)
                .evaluate(new ReferenceTest.Document(MAPPER.readTree(
                        "{\"none\": null, \"big\": 9007199254740993, \"huge\": 12345678901234567890, \"d\": 2.0}")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "$parse('{\"a\":1}').a | 1",
                "$partition([1,2,3,4,5], 2) | [[1,2],[3,4],[5]]",
                "$partition([1,2,3,4], 2.9) | [[1,2],[3,4]]",
                "$range(0, 6, 2) | [0,2,4,6]",
                "$range(-1.7, 2, 1) | [-1,0,1,2]",
                "$range(5, 1, -2) | [5,3,1]",
                "$range(3, 3, 1) | 3",
                "$hash('input', 'SHA-1') | \"140f86aae51ab9e1cda9b4254fe98a74eb54c1a1\"",
                "$random(42) | 0.7275636800328681",
                "$count($in.none) | 1",
                "$type($in.none) | \"null\"",
                "1/0 | \"Infinity\"",
                "-1/0 | \"-Infinity\"",
                "[1/0] | [\"Infinity\"]",
                "{'k': 0/0} | {\"k\":\"NaN\"}",
                "$in.big | 9007199254740993",
                "$in | {\"none\":null,\"big\":9007199254740993,\"huge\":12345678901234567890,\"d\":2}",
                "$in.d | 2",
                "$string(1e20) | \"100000000000000000000\"",
                "$string(1e21) | \"1e+21\"",
                "$length($uuid()) | 36",
                "$now() | \"2026-01-01T00:00:00.000Z\"",
                "$millis() | 1767225600000",
            })
    void theDialectOfStepFunctions(String expression, String expected) throws Exception {
        assertThat(evaluate(expression)).hasToString(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "$partition([1], 0)",
                "$partition([], 2)",
                "$range(1, 5, -1)",
                "$range(1, 5, 0)",
                "$hash('a')",
            })
    void argumentsThatMakeNoSenseGiveNothing(String expression) throws Exception {
        assertThat(evaluate(expression)).isNull();
    }

    @Test
    void evalDoesNotExist() {
        assertThatThrownBy(() -> evaluate("$eval('1+1')"))
                .isInstanceOf(EvaluationException.class)
                .hasMessage(". T1006: Attempted to invoke a non-function");
    }

    @Test
    void aPictureWithoutADigitIsRefused() {
        assertThatThrownBy(() -> evaluate("$formatNumber(1, 'x')"))
                .hasMessage(
                        ". D3086: The sub-picture must not contain a passive character that is preceded by an active"
                                + " character and that is followed by another active character");
    }

    @Test
    void aHundredTermsAreNotTooMany() throws Exception {
        assertThat(evaluate("1" + "+1".repeat(99))).hasToString("100");
        assertThatThrownBy(() -> evaluate("1" + "+1".repeat(100))).hasMessageContaining("Depth=101 max=100");
    }

    @Test
    void aHundredLevelsOfNestingAreNotTooMany() throws Exception {
        String recursive = "($f := function($x) { $x = 0 ? 0 : 1 + $f($x - 1) }; $f(%d))";

        assertThat(evaluate("(".repeat(99) + "1" + ")".repeat(99))).hasToString("1");
        assertThatThrownBy(() -> evaluate("(".repeat(100) + "1" + ")".repeat(100)))
                .hasMessageContaining("Depth=101");
        assertThat(evaluate(recursive.formatted(31))).hasToString("31");
        assertThatThrownBy(() -> evaluate(recursive.formatted(32))).hasMessageContaining("Depth=101");
    }

    @Test
    void theLargestRangeIsExactlyThat() throws Exception {
        assertThat(evaluate("$count([1..873782])")).hasToString("873782");
        assertThatThrownBy(() -> evaluate("$count([1..873783])")).hasMessageContaining("memory limit exceeded");
        assertThat(evaluate("$count($range(1, 360145, 1))")).hasToString("360145");
        assertThatThrownBy(() -> evaluate("$range(1, 360146, 1)")).hasMessageContaining("memory limit exceeded");
    }

    @Test
    void aSeedGivesTheSameNumberEveryTime() throws Exception {
        assertThat(evaluate("$random(7) = $random(7)")).hasToString("true");
    }
}
