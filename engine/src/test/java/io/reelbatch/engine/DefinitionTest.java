package io.reelbatch.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a definition is refused for, and how the refusal reads. */
class DefinitionTest {
    private static final String END = "'End': {'Type': 'Succeed'}";

    @ParameterizedTest
    @MethodSource("jsonPathDefinitions")
    void aJsonPathDefinitionIsRefusedInOneSentence(String definition) {
        assertThat(StateMachine.validate(definition.replace('\'', '"')))
                .containsExactly(new Problem(
                        "$.QueryLanguage",
                        "This definition uses JSONPath, and this engine runs JSONata only: set"
                                + " \"QueryLanguage\": \"JSONata\" and write its fields in JSONata."));
    }

    static Stream<String> jsonPathDefinitions() {
        return Stream.of(
                "{'StartAt': 'A', 'States': {'A': {'Type': 'Pass', 'Parameters': {'x.$': '$.y'}, 'End': true}}}",
                "{'QueryLanguage': 'JSONPath', 'StartAt': 'A', 'States': {'A': {'Type': 'Pass', 'End': true}}}",
                "{'QueryLanguage': 'JSONata', 'StartAt': 'A', 'States': {'A': {'Type': 'Pass', 'QueryLanguage': 'JSONPath', 'End': true}}}",
                "{'StartAt': 'A', 'States': {'A': {'Type': 'Map', 'QueryLanguage': 'JSONata', 'End': true, 'ItemProcessor':"
                        + " {'StartAt': 'B', 'States': {'B': {'Type': 'Pass', 'End': true}}}}}}");
    }

    @Test
    void aMachineWhoseStatesAreAllInJsonataNeedsNoLanguageOfItsOwn() {
        assertThat(StateMachine.validate(
                        "{'StartAt': 'A', 'States': {'A': {'Type': 'Pass', 'QueryLanguage': 'JSONata', 'End': true}}}"
                                .replace('\'', '"')))
                .isEmpty();
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                Arguments.of(
                        "'Start': {'Type': 'Pass', 'Next': 'Nowhere'}",
                        "$.States.Start.Next",
                        "'Nowhere', which is not among"),
                Arguments.of(
                        "'Start': {'Type': 'Succeed'}, 'Alone': {'Type': 'Succeed'}",
                        "$.States.Alone",
                        "No transition leads"),
                Arguments.of(
                        "'Start': {'Type': 'Pass', 'Next': 'B'}, 'B': {'Type': 'Pass', 'Next': 'Start'}",
                        "$.States",
                        "no way to a state that ends"),
                Arguments.of("'Start': {'Type': 'Pass'}", "$.States.Start", "either Next or"),
                Arguments.of(
                        "'Start': {'Type': 'Pass', 'Next': 'End', 'End': true}," + END,
                        "$.States.Start",
                        "either Next or"),
                Arguments.of("'Start': {'Type': 'Dance', 'End': true}", "$.States.Start.Type", "not 'Dance'"),
                Arguments.of(
                        "'Start': {'Type': 'Succeed', 'Assign': {'a': 1}}",
                        "$.States.Start.Assign",
                        "not a field of a Succeed"),
                Arguments.of(
                        "'Start': {'Type': 'Pass', 'Retry': [], 'End': true}",
                        "$.States.Start.Retry",
                        "not a field of a Pass"),
                Arguments.of(
                        "'Start': {'Type': 'Pass', 'Outputs': 1, 'End': true}",
                        "$.States.Start.Outputs",
                        "not a field of a Pass"),
                Arguments.of(
                        "'Start': {'Type': 'Pass', 'ResultPath': '$', 'End': true}",
                        "$.States.Start.ResultPath",
                        "belongs to JSONPath"),
                Arguments.of(
                        "'Start': {'Type': 'Pass', 'Output': {'a b': '{% 1 + %}'}, 'End': true}",
                        "$.States.Start.Output['a b']", "Unexpected end of expression"),
                Arguments.of(
                        "'Start': {'Type': 'Pass', 'Output': '{% $a ?? 1 %}', 'End': true}",
                        "$.States.Start.Output", "not an expression that Step Functions takes"),
                Arguments.of(
                        "'Start': {'Type': 'Pass', 'Output': '{% $a ?: 1 %}', 'End': true}",
                        "$.States.Start.Output", "not an expression that Step Functions takes"),
                Arguments.of(
                        "'Start': {'Type': 'Pass', 'Output': '{% phone %}', 'End': true}",
                        "$.States.Start.Output", "Reference to 'phone' at the top level is not supported."),
                Arguments.of(
                        "'Start': {'Type': 'Pass', 'Output': '{% $$.x %}', 'End': true}",
                        "$.States.Start.Output", "Reference to '$$' is not supported."),
                Arguments.of(
                        "'Start': {'Type': 'Pass', 'Assign': {'states': 1}, 'End': true}",
                        "$.States.Start.Assign.states",
                        "reserved"),
                Arguments.of(
                        "'Start': {'Type': 'Pass', 'Assign': {'1x': 1}, 'End': true}",
                        "$.States.Start.Assign['1x']",
                        "starts with a letter"),
                Arguments.of(
                        "'Start': {'Type': 'Pass', 'Output': '{% [$states.errorOutput.Error] %}', 'End': true}",
                        "$.States.Start.Output", "only the Output and Assign of a Catch"),
                Arguments.of("'Start': {'Type': 'Wait', 'End': true}", "$.States.Start", "either Seconds or Timestamp"),
                Arguments.of(
                        "'Start': {'Type': 'Wait', 'Seconds': 1, 'Timestamp': '2026-01-01T00:00:00Z', 'End': true}",
                        "$.States.Start",
                        "either Seconds or Timestamp"),
                Arguments.of(
                        "'Start': {'Type': 'Wait', 'Seconds': -1, 'End': true}",
                        "$.States.Start.Seconds",
                        "whole number"),
                Arguments.of(
                        "'Start': {'Type': 'Wait', 'Timestamp': 'soon', 'End': true}",
                        "$.States.Start.Timestamp",
                        "such as 2026"),
                Arguments.of(
                        "'Start': {'Type': 'Choice', 'Choices': [], 'Default': 'End'}," + END,
                        "$.States.Start.Choices",
                        "has no rule"),
                Arguments.of(
                        "'Start': {'Type': 'Choice', 'Choices': [{'Condition': true, 'Variable': '$.a', 'Next': 'End'}]},"
                                + END,
                        "$.States.Start.Choices[0].Variable",
                        "not a field of a Choice rule"),
                Arguments.of(
                        "'Start': {'Type': 'Choice', 'Choices': [{'Condition': 'yes', 'Next': 'End'}]}," + END,
                        "$.States.Start.Choices[0].Condition",
                        "must be a boolean"),
                Arguments.of(
                        "'Start': {'Type': 'Task', 'Resource': 'lambda', 'End': true}",
                        "$.States.Start.Resource",
                        "neither a function's ARN"),
                Arguments.of(
                        "'Start': {'Type': 'Task', 'Resource': 'arn:aws:states:::lambda:invoke', 'TimeoutSeconds': 5, 'HeartbeatSeconds': 5, 'End': true}",
                        "$.States.Start.HeartbeatSeconds",
                        "smaller than TimeoutSeconds"),
                Arguments.of(
                        "'Start': {'Type': 'Task', 'Resource': 'arn:aws:states:::lambda:invoke', 'Credentials': {}, 'End': true}",
                        "$.States.Start.Credentials",
                        "is not supported"),
                Arguments.of(
                        "'Start': {'Type': 'Task', 'Resource': 'arn:aws:states:::lambda:invoke', 'End': true, 'Retry': [{'ErrorEquals': ['States.ALL']}, {'ErrorEquals': ['A']}]}",
                        "$.States.Start.Retry[0].ErrorEquals",
                        "in the last entry"),
                Arguments.of(
                        "'Start': {'Type': 'Task', 'Resource': 'arn:aws:states:::lambda:invoke', 'End': true, 'Retry': [{'ErrorEquals': ['A'], 'BackoffRate': 0.5}]}",
                        "$.States.Start.Retry[0].BackoffRate",
                        "from 1"),
                Arguments.of(
                        "'Start': {'Type': 'Task', 'Resource': 'arn:aws:states:::lambda:invoke', 'End': true, 'Catch': [{'ErrorEquals': ['A'], 'ResultPath': '$', 'Next': 'End'}]},"
                                + END,
                        "$.States.Start.Catch[0].ResultPath",
                        "belongs to JSONPath"),
                Arguments.of(
                        "'Start': {'Type': 'Parallel', 'Branches': [], 'End': true}",
                        "$.States.Start.Branches",
                        "has no branch"),
                Arguments.of(
                        "'Start': {'Type': 'Parallel', 'End': true, 'Branches': [{'StartAt': 'Start', 'States': {'Start': {'Type': 'Succeed'}}}]}",
                        "$.States.Start.Branches[0].States.Start",
                        "is named 'Start' already"),
                Arguments.of(
                        "'Start': {'Type': 'Parallel', 'Assign': {'a': 1}, 'End': true, 'Branches': [{'StartAt': 'B', 'States': {'B': {'Type': 'Pass', 'Assign': {'a': 2}, 'End': true}}}]}",
                        "$.States.Start.Branches[0].States.B.Assign.a",
                        "around this one"),
                Arguments.of(
                        "'Start': {'Type': 'Map', 'End': true, 'Label': 'x', 'ItemProcessor': {'StartAt': 'B', 'States': {'B': {'Type': 'Succeed'}}}}",
                        "$.States.Start.Label",
                        "belongs to a DISTRIBUTED"),
                Arguments.of(
                        "'Start': {'Type': 'Map', 'End': true, 'ItemProcessor': {'ProcessorConfig': {'Mode': 'DISTRIBUTED', 'ExecutionType': 'EXPRESS'}, 'StartAt': 'B', 'States': {'B': {'Type': 'Succeed'}}}}",
                        "$.States.Start.ItemProcessor.ProcessorConfig.ExecutionType",
                        "must be STANDARD"),
                Arguments.of(
                        "'Start': {'Type': 'Map', 'End': true, 'ItemReader': {'Resource': 'arn:aws:states:::s3:getObject', 'Arguments': {}, 'ReaderConfig': {'InputType': 'PARQUET'}}, 'ItemProcessor': {'ProcessorConfig': {'Mode': 'DISTRIBUTED', 'ExecutionType': 'STANDARD'}, 'StartAt': 'B', 'States': {'B': {'Type': 'Succeed'}}}}",
                        "$.States.Start.ItemReader.ReaderConfig.InputType",
                        "JSON, JSONL, CSV"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void aMistakeIsNamedWithItsPath(String states, String path, String message) {
        List<Problem> problems = StateMachine.validate(Lab.definition(states));

        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.path()).isEqualTo(path);
            assertThat(problem.message()).contains(message);
        });
    }

    @Test
    void questionMarksInStringsAreNoOperators() {
        assertThat(new Lab()
                        .output("'Start': {'Type': 'Pass', 'Output': '{% `a ?? b ?: $eval` %}', 'End': true}", "{}")
                        .asText())
                .isEqualTo("a ?? b ?: $eval");
    }

    @Test
    void parseListsEveryProblemAtOnce() {
        assertThatThrownBy(() -> Lab.machine("'Start': {'Type': 'Pass', 'X': 1, 'Y': 2, 'Next': 'Z'}"))
                .isInstanceOfSatisfying(
                        InvalidDefinitionException.class,
                        exception -> assertThat(exception.problems())
                                .extracting(Problem::path)
                                .containsExactlyInAnyOrder(
                                        "$.States.Start.X", "$.States.Start.Y", "$.States.Start.Next"));
    }

    @Test
    void whatIsNoJsonIsSaidToBeNone() {
        assertThat(StateMachine.validate("{\"StartAt\": }").get(0).message()).startsWith("is not valid JSON");
        assertThat(StateMachine.validate("{\"a\": 1, \"a\": 2}").get(0).message())
                .contains("Duplicate");
        assertThat(StateMachine.validate("[]").get(0).message()).startsWith("must be a JSON object");
    }
}
