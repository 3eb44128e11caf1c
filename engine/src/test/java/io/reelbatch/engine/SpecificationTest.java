package io.reelbatch.engine;

import static io.reelbatch.engine.Lab.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the examples in the JSONata sections of the Amazon States Language specification show, in definitions of our own. */
class SpecificationTest {
    private final Lab lab = new Lab();

    @Test
    void argumentsMixConstantsWithExpressions() {
        List<JsonNode> payloads = new ArrayList<>();
        lab.lambda("arn:aws:lambda:eu-west-1:123456789012:function:ship", (payload, invocation) -> {
            payloads.add(payload);
            return json("{'parcel': 'p-9'}");
        });

        JsonNode output = lab.output("""
                'Start': {'Type': 'Task', 'Resource': 'arn:aws:lambda:eu-west-1:123456789012:function:ship',
                  'Arguments': {'carrier': 'road', 'to': '{% $states.input.address.city %}',
                                'weights': ['{% $sum($states.input.items.grams) %}', 'grams'],
                                'run': '{% $states.context.Execution.Name %}'},
                  'Output': {'parcel': '{% $uppercase($states.result.parcel) %}', 'for': '{% $states.input.address.city %}'},
                  'End': true}
                """, "{'address': {'city': 'Lyon'}, 'items': [{'grams': 200}, {'grams': 50}]}");

        assertThat(payloads)
                .containsExactly(json("{'carrier': 'road', 'to': 'Lyon', 'weights': [250, 'grams'], 'run': 'test'}"));
        assertThat(output).isEqualTo(json("{'parcel': 'P-9', 'for': 'Lyon'}"));
    }

    @Test
    void variablesOutliveTheStatesThatSetThem() {
        assertThat(lab.output("""
                        'Start': {'Type': 'Pass', 'Assign': {'basket': {'apples': 2, 'pears': '{% $states.input.pears %}'}}, 'Next': 'Forget'},
                        'Forget': {'Type': 'Pass', 'Output': null, 'Next': 'Remember'},
                        'Remember': {'Type': 'Pass', 'Output': '{% $basket.apples + $basket.pears %}', 'End': true}
                        """, "{'pears': 3}")).isEqualTo(json("5"));
    }

    @Test
    void allRightHandSidesAreEvaluatedBeforeAnythingIsAssigned() {
        assertThat(lab.output("""
                        'Start': {'Type': 'Pass', 'Assign': {'level': 3, 'limit': 6}, 'Next': 'Raise'},
                        'Raise': {'Type': 'Pass', 'Assign': {'level': '{% $limit %}', 'before': '{% $level %}'}, 'Next': 'Show'},
                        'Show': {'Type': 'Pass', 'Output': '{% [$level, $before] %}', 'End': true}
                        """, "{}")).isEqualTo(json("[6, 3]"));
    }

    @Test
    void aBranchReadsOuterVariablesAndBranchesDoNotSeeEachOther() {
        assertThat(lab.output("""
                        'Start': {'Type': 'Pass', 'Assign': {'shared': 'o'}, 'Next': 'Both'},
                        'Both': {'Type': 'Parallel', 'End': true, 'Branches': [
                          {'StartAt': 'L1', 'States': {'L1': {'Type': 'Pass', 'Assign': {'own': 'l'}, 'Next': 'L2'},
                                                       'L2': {'Type': 'Pass', 'Output': '{% $shared & $own %}', 'End': true}}},
                          {'StartAt': 'R1', 'States': {'R1': {'Type': 'Pass', 'Assign': {'own': 'r'}, 'Next': 'R2'},
                                                       'R2': {'Type': 'Pass', 'Output': '{% $shared & $own %}', 'End': true}}}]}
                        """, "{}")).isEqualTo(json("['ol', 'or']"));
    }

    @ParameterizedTest
    @CsvSource({"business, 20, Office", "private, 25, Twenties", "private, 45, Quiet", "private, 19, Other"})
    void conditionsAreExpressionsOfAnyShape(String type, int value, String state) {
        JsonNode output = lab.output("""
                'Start': {'Type': 'Choice', 'Default': 'Other', 'Choices': [
                    {'Condition': '{% $not($states.input.type = `private`) %}', 'Next': 'Office'},
                    {'Condition': '{% $states.input.value >= 20 and $states.input.value < 30 %}', 'Next': 'Twenties'},
                    {'Condition': '{% ($v := $states.input.value; $v > 40 ? $exists($states.input.type) : false) %}', 'Next': 'Quiet'}]},
                'Office': {'Type': 'Pass', 'Output': '{% $states.context.State.Name %}', 'End': true},
                'Twenties': {'Type': 'Pass', 'Output': '{% $states.context.State.Name %}', 'End': true},
                'Quiet': {'Type': 'Pass', 'Output': '{% $states.context.State.Name %}', 'End': true},
                'Other': {'Type': 'Pass', 'Output': '{% $states.context.State.Name %}', 'End': true}
                """, "{'type': '" + type + "', 'value': " + value + "}");

        assertThat(output).isEqualTo(TextNode.valueOf(state));
    }

    @Test
    void aWaitCanComputeItsMoment() {
        Instant start = lab.time.now();

        lab.run("""
                'Start': {'Type': 'Wait', 'Timestamp': '{% $fromMillis($millis() + 90 * 60 * 1000) %}', 'End': true}
                """, "{}");

        assertThat(Duration.between(start, lab.time.now())).isEqualTo(Duration.ofMinutes(90));
    }

    @Test
    void aSelectorCombinesTheItemWithWhatIsAround() {
        assertThat(lab.output("""
                        'Start': {'Type': 'Map', 'Items': '{% $states.input.delivery.parcels %}', 'MaxConcurrency': 0,
                          'ItemSelector': {'parcel': '{% $states.context.Map.Item.Value %}', 'courier': '{% $states.input.delivery.courier %}',
                                           'nr': '{% $states.context.Map.Item.Index %}'},
                          'ItemProcessor': {'ProcessorConfig': {'Mode': 'INLINE'}, 'StartAt': 'Check', 'States': {
                            'Check': {'Type': 'Pass', 'End': true,
                              'Output': '{% $states.input.courier & `/` & $states.input.nr & `/` & $states.input.parcel.code %}'}}},
                          'Output': {'checked': '{% $states.result %}'}, 'End': true}
                        """, "{'delivery': {'courier': 'UQ', 'parcels': [{'code': 'R31'}, {'code': 'S39'}]}}"))
                .isEqualTo(json("{'checked': ['UQ/0/R31', 'UQ/1/S39']}"));
    }

    @Test
    void aFailNamesWhatWentWrongInItsInput() {
        ExecutionResult result = lab.run("""
                'Start': {'Type': 'Fail', 'Error': '{% `Http` & $states.input.code %}', 'Cause': '{% $states.input.body.message %}'}
                """, "{'code': 503, 'body': {'message': 'try later'}}");

        assertThat(result.error()).contains("Http503");
        assertThat(result.cause()).contains("try later");
    }

    @Test
    void aSucceedHasAnOutput() {
        assertThat(lab.output(
                        "'Start': {'Type': 'Succeed', 'Output': {'n': '{% $count($states.input) %}'}}", "[1, 2, 3]"))
                .isEqualTo(json("{'n': 3}"));
    }

    @Test
    void aCatcherTurnsTheErrorIntoItsOutput() {
        lab.lambda("f", (payload, invocation) -> {
            throw new TaskFailedException("OutOfStock", "no pears");
        });

        assertThat(lab.output("""
                        'Start': {'Type': 'Task', 'Resource': 'arn:aws:states:::lambda:invoke', 'Arguments': {'FunctionName': 'f'},
                          'Catch': [{'ErrorEquals': ['States.ALL'], 'Next': 'Sorry', 'Assign': {'failed': true},
                                     'Output': '{% $merge([$states.input, $states.errorOutput]) %}'}], 'End': true},
                        'Sorry': {'Type': 'Pass', 'Output': '{% $merge([$states.input, {`flag`: $failed}]) %}', 'End': true}
                        """, "{'order': 1}").path("flag").asBoolean()).isTrue();
    }
}
