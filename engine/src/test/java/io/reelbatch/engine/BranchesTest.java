package io.reelbatch.engine;

import static io.reelbatch.engine.Lab.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Parallel and inline Map. */
class BranchesTest {
    private final Lab lab = new Lab();

    @Test
    void branchesRunSideBySideAndTheirOutputsKeepTheirOrder() {
        Instant start = lab.time.now();

        JsonNode output = lab.output("""
                'Start': {'Type': 'Parallel', 'Arguments': {'n': '{% $states.input.n * 10 %}'},
                  'Branches': [
                    {'StartAt': 'Slow', 'States': {'Slow': {'Type': 'Wait', 'Seconds': 60, 'End': true}}},
                    {'StartAt': 'Fast', 'States': {'Fast': {'Type': 'Wait', 'Seconds': 5, 'Output': 'fast', 'End': true}}}],
                  'Output': {'both': '{% $states.result %}'}, 'End': true}
                """, "{'n': 2}");

        assertThat(output).isEqualTo(json("{'both': [{'n': 20}, 'fast']}"));
        assertThat(Duration.between(start, lab.time.now())).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void aBranchSeesOuterVariablesAndKeepsItsOwn() {
        JsonNode output = lab.output("""
                'Start': {'Type': 'Pass', 'Assign': {'outer': 1}, 'Next': 'Both'},
                'Both': {'Type': 'Parallel', 'Branches': [
                    {'StartAt': 'A', 'States': {
                      'A': {'Type': 'Pass', 'Assign': {'inner': '{% $outer + 1 %}'}, 'Next': 'A2'},
                      'A2': {'Type': 'Pass', 'Output': '{% $inner %}', 'End': true}}}],
                  'Assign': {'outer': '{% $states.result[0] %}'}, 'Next': 'After'},
                'After': {'Type': 'Pass', 'Output': {'outer': '{% $outer %}', 'inner': '{% $exists($inner) %}'}, 'End': true}
                """, "{}");

        assertThat(output).isEqualTo(json("{'outer': 2, 'inner': false}"));
    }

    @Test
    void oneFailingBranchStopsTheOthers() {
        ExecutionResult result = lab.run("""
                'Start': {'Type': 'Parallel', 'Branches': [
                    {'StartAt': 'Waits', 'States': {'Waits': {'Type': 'Wait', 'Seconds': 3600, 'End': true}}},
                    {'StartAt': 'Fails', 'States': {'Fails': {'Type': 'Fail', 'Error': 'E', 'Cause': 'c'}}}],
                  'Catch': [{'ErrorEquals': ['E'], 'Next': 'Caught'}], 'End': true},
                'Caught': {'Type': 'Succeed'}
                """, "{}");

        assertThat(result.output()).contains(json("{'Error': 'E', 'Cause': 'c'}"));
        assertThat(lab.time.pending()).isZero();
        assertThat(lab.lastEvents())
                .containsSubsequence("WaitStateAborted", "ParallelStateFailed", "ParallelStateExited");
    }

    @Test
    void aParallelCanBeTriedAgainAsAWhole() {
        AtomicInteger calls = new AtomicInteger();
        lab.lambda("f", (payload, invocation) -> {
            if (calls.incrementAndGet() < 3) {
                throw new IllegalStateException("not yet");
            }
            return json("1");
        });

        ExecutionResult result = lab.run("""
                'Start': {'Type': 'Parallel', 'Branches': [
                    {'StartAt': 'A', 'States': {'A': {'Type': 'Task', 'Resource': 'arn:aws:states:::lambda:invoke',
                       'Arguments': {'FunctionName': 'f'}, 'Output': '{% $states.result.Payload %}', 'End': true}}}],
                  'Retry': [{'ErrorEquals': ['States.ALL'], 'IntervalSeconds': 1}], 'End': true}
                """, "{}");

        assertThat(result.output()).contains(json("[1]"));
        // Start and A, then for each retry the retry itself and A again.
        assertThat(result.transitions()).isEqualTo(6);
        assertThat(lab.lastEvents()).doesNotContain("ParallelStateFailed");
    }

    @Test
    void aMapRunsItsProcessorForEveryItemInTheItemsOrder() {
        JsonNode output = lab.output("""
                'Start': {'Type': 'Map', 'Items': '{% $states.input.list %}', 'MaxConcurrency': '{% 1 + 1 %}',
                  'ItemSelector': {'i': '{% $states.context.Map.Item.Index %}', 'v': '{% $states.context.Map.Item.Value %}',
                                   'factor': '{% $states.input.factor %}'},
                  'ItemProcessor': {'StartAt': 'Pause', 'States': {
                    'Pause': {'Type': 'Wait', 'Seconds': '{% 10 - $states.input.i %}', 'Next': 'Times'},
                    'Times': {'Type': 'Pass', 'Output': '{% $states.input.v * $states.input.factor %}', 'End': true}}},
                  'End': true}
                """, "{'list': [1, 2, 3, 4], 'factor': 10}");

        assertThat(output).isEqualTo(json("[10, 20, 30, 40]"));
    }

    @Test
    void aMapWithoutItemsTakesItsInput() {
        assertThat(lab.output(
                        "'Start': {'Type': 'Map', 'ItemProcessor': {'StartAt': 'P', 'States': {"
                                + "'P': {'Type': 'Pass', 'Output': '{% $states.context.Map.Item %}', 'End': true}}}, 'End': true}",
                        "['a', null]"))
                .isEqualTo(json("[{'Index': 0, 'Value': 'a'}, {'Index': 1, 'Value': null}]"));
    }

    @Test
    void aMapOverNothingGivesNothing() {
        assertThat(lab.output(
                        "'Start': {'Type': 'Map', 'Items': [], 'ItemProcessor': {'StartAt': 'P', 'States': {"
                                + "'P': {'Type': 'Pass', 'End': true}}}, 'End': true}",
                        "{}"))
                .isEqualTo(json("[]"));
        assertThat(lab.lastEvents())
                .containsExactly(
                        "ExecutionStarted",
                        "MapStateEntered",
                        "MapStateStarted",
                        "MapStateSucceeded",
                        "MapStateExited",
                        "ExecutionSucceeded");
    }

    @Test
    void itemsThatAreNoArrayFailTheMap() {
        ExecutionResult result = lab.run(
                "'Start': {'Type': 'Map', 'Items': '{% 5 %}', 'ItemProcessor': {'StartAt': 'P', 'States': {"
                        + "'P': {'Type': 'Pass', 'End': true}}}, 'End': true}",
                "{}");

        assertThat(result.error()).contains("States.QueryEvaluationError");
        assertThat(result.cause().orElse(""))
                .endsWith(
                        "The JSONata expression '5' specified for the field 'Items' returned an unexpected result type."
                                + " Expected 'array', but was 'number' for value: 5");
    }

    /** Event ids and what they follow from as in a recording of one failing iteration, caught. */
    @Test
    void aFailedIterationIsRecordedAsInTheServicesHistories() {
        lab.run("""
                'Start': {'Type': 'Map', 'Items': [1],
                  'ItemProcessor': {'StartAt': 'Bad', 'States': {'Bad': {'Type': 'Fail', 'Error': 'E', 'Cause': 'C'}}},
                  'Catch': [{'ErrorEquals': ['States.ALL'], 'Next': 'Caught'}], 'End': true},
                'Caught': {'Type': 'Pass', 'End': true}
                """, "{}");

        List<HistoryEvent> events = lab.histories.get(0).events();
        assertThat(events)
                .extracting(HistoryEvent::type)
                .containsExactly(
                        "ExecutionStarted",
                        "MapStateEntered",
                        "MapStateStarted",
                        "MapIterationStarted",
                        "FailStateEntered",
                        "MapIterationFailed",
                        "MapStateFailed",
                        "MapStateExited",
                        "PassStateEntered",
                        "PassStateExited",
                        "ExecutionSucceeded");
        assertThat(events)
                .extracting(HistoryEvent::previousEventId)
                .containsExactly(0L, 0L, 2L, 3L, 4L, 5L, 5L, 7L, 8L, 9L, 10L);
    }

    @Test
    void iterationsOneAfterTheOtherFollowFromEachOther() {
        lab.run("""
                'Start': {'Type': 'Map', 'Items': [1, 2], 'MaxConcurrency': 1,
                  'ItemProcessor': {'StartAt': 'P', 'States': {'P': {'Type': 'Pass', 'End': true}}}, 'End': true}
                """, "{}");

        List<HistoryEvent> events = lab.histories.get(0).events();
        assertThat(events)
                .extracting(event -> event.type() + " " + event.previousEventId())
                .containsSubsequence(
                        "PassStateExited 5",
                        "MapIterationSucceeded 6",
                        "MapIterationStarted 6",
                        "PassStateEntered 8",
                        "PassStateExited 9",
                        "MapIterationSucceeded 10",
                        "MapStateSucceeded 11",
                        "MapStateExited 11");
    }

    @Test
    void anErrorThatNothingCanCatchEndsTheExecutionFromInside() {
        ExecutionResult result = lab.run("""
                'Start': {'Type': 'Parallel', 'Branches': [{'StartAt': 'A', 'States': {
                    'A': {'Type': 'Choice', 'Choices': [{'Condition': false, 'Next': 'B'}]}, 'B': {'Type': 'Succeed'}}}],
                  'Catch': [{'ErrorEquals': ['States.ALL'], 'Next': 'Caught'}], 'End': true},
                'Caught': {'Type': 'Succeed'}
                """, "{}");

        assertThat(result.error()).contains("States.Runtime");
        assertThat(lab.lastEvents())
                .containsExactly(
                        "ExecutionStarted",
                        "ParallelStateEntered",
                        "ParallelStateStarted",
                        "ChoiceStateEntered",
                        "ExecutionFailed");
    }
}
