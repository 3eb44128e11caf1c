package io.reelbatch.engine;

import static io.reelbatch.engine.Lab.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.reelbatch.engine.ExecutionResult.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Pass, Choice, Wait, Succeed and Fail, and what expressions in them see. */
class StatesTest {
    private final Lab lab = new Lab();

    @Test
    void aPassStateWithoutOutputPassesItsInputOnToTheLastDigit() {
        assertThat(lab.output("'Start': {'Type': 'Pass', 'End': true}", "{'n': 12345678901234567890, 'd': 1.50}"))
                .isEqualTo(json("{'n': 12345678901234567890, 'd': 1.50}"));
    }

    @Test
    void anExpressionIsOneOnlyIfItIsTheWholeString() {
        assertThat(lab.output("""
                        'Start': {'Type': 'Pass', 'End': true, 'Output': {
                          'expression': '{% $states.input.x + 1 %}', 'inside': 'a {% 1 %}', 'blank': ' {% 1 %} ',
                          'path': '$.x', 'list': [1, '{% 2 %}', null], 'constant': {'a': [true, {}]}}}
                        """, "{'x': 1}")).isEqualTo(json("""
                                {'expression': 2, 'inside': 'a {% 1 %}', 'blank': ' {% 1 %} ', 'path': '$.x',
                                 'list': [1, 2, null], 'constant': {'a': [true, {}]}}
                                """));
    }

    @Test
    void assignmentsAndOutputSeeTheValuesFromBeforeTheState() {
        assertThat(lab.output("""
                        'Start': {'Type': 'Pass', 'Assign': {'a': 1, 'b': 10}, 'Next': 'Swap'},
                        'Swap': {'Type': 'Pass', 'Assign': {'a': '{% $b %}', 'b': '{% $a %}'},
                                 'Output': {'during': '{% [$a, $b] %}'}, 'Next': 'After'},
                        'After': {'Type': 'Pass', 'Output': {'after': '{% [$a, $b] %}', 'input': '{% $states.input %}'},
                                  'End': true}
                        """, "{}")).isEqualTo(json("{'after': [10, 1], 'input': {'during': [1, 10]}}"));
    }

    @Test
    void theContextObjectTellsWhoIsRunning() {
        assertThat(lab.output("'Start': {'Type': 'Pass', 'Output': '{% $states.context %}', 'End': true}", "{'k': 1}"))
                .isEqualTo(json("""
                                {'Execution': {
                                   'Id': 'arn:aws:states:us-east-1:123456789012:execution:StateMachine:test',
                                   'Input': {'k': 1}, 'StartTime': '2026-01-01T00:00:00.000Z', 'Name': 'test',
                                   'RoleArn': 'arn:aws:iam::123456789012:role/StepFunctionsRole', 'RedriveCount': 0},
                                 'StateMachine': {
                                   'Id': 'arn:aws:states:us-east-1:123456789012:stateMachine:StateMachine',
                                   'Name': 'StateMachine'},
                                 'State': {'Name': 'Start', 'EnteredTime': '2026-01-01T00:00:00.000Z'}}
                                """));
    }

    @Test
    void theFirstTrueRuleDecidesWithItsOwnAssignAndOutput() {
        String states = """
                'Start': {'Type': 'Choice',
                  'Choices': [
                    {'Condition': '{% $states.input.n > 10 %}', 'Next': 'End', 'Assign': {'size': 'large'}},
                    {'Condition': '{% $states.input.n > 5 %}', 'Next': 'End', 'Assign': {'size': 'medium'},
                     'Output': {'n': 'replaced'}}],
                  'Default': 'End', 'Assign': {'size': 'small'}, 'Output': 'by default'},
                'End': {'Type': 'Pass', 'Output': {'size': '{% $size %}', 'in': '{% $states.input %}'}, 'End': true}
                """;

        assertThat(new Lab().output(states, "{'n': 11}")).isEqualTo(json("{'size': 'large', 'in': {'n': 11}}"));
        assertThat(new Lab().output(states, "{'n': 6}")).isEqualTo(json("{'size': 'medium', 'in': {'n': 'replaced'}}"));
        assertThat(new Lab().output(states, "{'n': 1}")).isEqualTo(json("{'size': 'small', 'in': 'by default'}"));
    }

    @Test
    void aChoiceWithoutAMatchOrDefaultEndsTheExecution() {
        ExecutionResult result = lab.run("""
                'Start': {'Type': 'Choice', 'Choices': [{'Condition': '{% false %}', 'Next': 'End'}]},
                'End': {'Type': 'Succeed'}
                """, "{}");

        assertThat(result.error()).contains("States.Runtime");
        assertThat(result.cause())
                .contains("An error occurred while executing the state 'Start' (entered at the event id #2). "
                        + "Failed to transition out of the state. The state does not point to a next state.");
    }

    @Test
    void hoursOfWaitingPassInVirtualTime() {
        Instant start = lab.time.now();

        lab.run("""
                'Start': {'Type': 'Wait', 'Seconds': 7200, 'Next': 'Computed'},
                'Computed': {'Type': 'Wait', 'Seconds': '{% $states.input.hours * 3600 %}', 'Next': 'Until'},
                'Until': {'Type': 'Wait', 'Timestamp': '{% $states.input.until %}', 'Next': 'Past'},
                'Past': {'Type': 'Wait', 'Timestamp': '2001-01-01T00:00:00Z', 'End': true}
                """, "{'hours': 3, 'until': '2026-01-01T07:00:00+01:00'}");

        assertThat(Duration.between(start, lab.time.now())).isEqualTo(Duration.ofHours(6));
    }

    static Stream<Arguments> nonsense() {
        return Stream.of(
                Arguments.of(
                        "'Seconds': '{% `5` %}'", "Seconds", "Expected 'number', but was 'string' for value: \"5\""),
                Arguments.of(
                        "'Seconds': '{% 1.5 %}'", "Seconds", "The Seconds field cannot be parsed as an integer: 1.5"),
                Arguments.of("'Seconds': '{% -1 %}'", "Seconds", "must be between 0 and 99999999"),
                Arguments.of("'Timestamp': '{% `soon` %}'", "Timestamp", "not reference a valid ISO-8601"),
                Arguments.of(
                        "'Timestamp': '{% 5 %}'", "Timestamp", "Expected 'string', but was 'number' for value: 5"));
    }

    @ParameterizedTest
    @MethodSource("nonsense")
    void aWaitThatMakesNoSenseFailsTheState(String field, String location, String cause) {
        ExecutionResult result = lab.run("'Start': {'Type': 'Wait', " + field + ", 'End': true}", "{}");

        assertThat(result.error()).contains("States.QueryEvaluationError");
        assertThat(result.cause().orElse("")).contains(cause);
        assertThat(lab.histories.get(0).events())
                .anySatisfy(event -> assertThat(event.details()
                                .at("/evaluationFailedEventDetails/location")
                                .asText())
                        .isEqualTo(location));
    }

    @Test
    void anUndefinedResultFailsTheStateInTheWordsOfStepFunctions() {
        ExecutionResult result = lab.run(
                "'Start': {'Type': 'Pass', 'Output': {'a': [{'b c': '{% $states.input.missing %}'}]}, 'End': true}",
                "{}");

        assertThat(result.error()).contains("States.QueryEvaluationError");
        assertThat(result.cause())
                .contains("An error occurred while executing the state 'Start' (entered at the event id #2). "
                        + "The JSONata expression '$states.input.missing' specified for the field 'Output/a[0]/b c' "
                        + "returned nothing (undefined).");
        assertThat(lab.lastEvents())
                .containsExactly("ExecutionStarted", "PassStateEntered", "EvaluationFailed", "ExecutionFailed");
    }

    @Test
    void anErrorInAnExpressionNamesItsCode() {
        ExecutionResult result = lab.run("'Start': {'Type': 'Pass', 'Output': '{% 1 + `a` %}', 'End': true}", "{}");

        assertThat(result.cause())
                .contains("An error occurred while executing the state 'Start' (entered at the event id #2). "
                        + "The JSONata expression '1 + 'a'' specified for the field 'Output' threw an error during "
                        + "evaluation. T2002: The right side of the \"+\" operator must evaluate to a number");
    }

    @Test
    void aFailStateNamesItsErrorAndCause() {
        ExecutionResult result = lab.run("""
                'Start': {'Type': 'Fail', 'Error': '{% $states.input.code %}', 'Cause': '{% `because ` & $states.input.code %}'}
                """, "{'code': 'E1'}");

        assertThat(result.status()).isEqualTo(Status.FAILED);
        assertThat(result.error()).contains("E1");
        assertThat(result.cause()).contains("because E1");
        assertThat(lab.lastEvents()).containsExactly("ExecutionStarted", "FailStateEntered", "ExecutionFailed");
    }

    @Test
    void aFailStateNeedsNeitherErrorNorCause() {
        ExecutionResult result = lab.run("'Start': {'Type': 'Fail'}", "{}");

        assertThat(result.status()).isEqualTo(Status.FAILED);
        assertThat(result.error()).isEmpty();
        assertThat(result.cause()).isEmpty();
    }

    @Test
    void anOutputOver256KilobytesIsRefused() {
        ExecutionResult result =
                lab.run("'Start': {'Type': 'Pass', 'Output': '{% $pad(`x`, 300000) %}', 'End': true}", "{}");

        assertThat(result.error()).contains("States.DataLimitExceeded");
    }

    @Test
    void anEndlessLoopEndsAtTwentyFiveThousandEvents() {
        ExecutionResult result = lab.run("""
                'Start': {'Type': 'Choice', 'Choices': [{'Condition': '{% true %}', 'Next': 'Start'}], 'Default': 'End'},
                'End': {'Type': 'Succeed'}
                """, "{}");

        assertThat(result.error()).contains("States.Runtime");
        assertThat(result.cause()).contains("The execution reached the maximum number of history events (25000).");
        assertThat(lab.lastEvents()).hasSize(25_000).endsWith("ExecutionFailed");
    }

    @Test
    void anExecutionThatTakesTooLongTimesOut() {
        StateMachine machine = StateMachine.parse("""
                {"QueryLanguage": "JSONata", "TimeoutSeconds": 60, "StartAt": "Start",
                 "States": {"Start": {"Type": "Wait", "Seconds": 61, "End": true}}}
                """);

        ExecutionResult result = lab.run(machine, "{}");

        assertThat(result.status()).isEqualTo(Status.TIMED_OUT);
        assertThat(result.error()).isEmpty();
        assertThat(lab.lastEvents()).containsExactly("ExecutionStarted", "WaitStateEntered", "ExecutionTimedOut");
        assertThat(lab.time.pending()).isZero();
    }

    @Test
    void aStoppedExecutionEndsAborted() {
        Execution execution = lab.start(Lab.machine("'Start': {'Type': 'Wait', 'Seconds': 60, 'End': true}"), "{}");
        lab.time.advance(Duration.ofSeconds(30));

        execution.stop("Manual", "enough");

        ExecutionResult result = execution.result().join();
        assertThat(result.status()).isEqualTo(Status.ABORTED);
        assertThat(result.error()).contains("Manual");
        assertThat(lab.time.pending()).isZero();
    }

    @Test
    void theSameNameAndInputGiveTheRunningExecution() {
        Engine engine = lab.builder.build();
        StateMachine machine = Lab.machine("'Start': {'Type': 'Wait', 'Seconds': 60, 'End': true}");
        Execution first = engine.start(machine, "weekly", json("{}"));

        assertThat(engine.start(machine, "weekly", json("{}")).result()).isSameAs(first.result());
        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> engine.start(machine, "weekly", json("{'other': 1}"))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Execution Already Exists");

        lab.time.await(first.result());
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> engine.start(machine, "weekly", json("{}"))))
                .hasMessageContaining("Execution Already Exists");
    }
}
