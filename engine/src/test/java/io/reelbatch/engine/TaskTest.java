package io.reelbatch.engine;

import static io.reelbatch.engine.Lab.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.reelbatch.engine.ExecutionResult.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Tasks: what their resources answer, and what becomes of errors. */
class TaskTest {
    private static final String INVOKE = "'Type': 'Task', 'Resource': 'arn:aws:states:::lambda:invoke',";

    private final Lab lab = new Lab();
    private final AtomicInteger calls = new AtomicInteger();

    private void failing(int times, RuntimeException error) {
        lab.lambda("f", (payload, invocation) -> {
            if (calls.incrementAndGet() <= times) {
                throw error;
            }
            return json("{'ok': true}");
        });
    }

    @Test
    void aFunctionGetsThePayloadAndItsResultIsWrapped() {
        lab.lambda("f", (payload, invocation) -> payload.path("n"));

        assertThat(lab.output(
                        "'Start': {" + INVOKE
                                + "'Arguments': {'FunctionName': 'f', 'Payload': {'n': '{% $states.input.n * 2 %}'}}, 'End': true,"
                                + "'Output': {'payload': '{% $states.result.Payload %}', 'code': '{% $states.result.StatusCode %}'}}",
                        "{'n': 21}"))
                .isEqualTo(json("{'payload': 42, 'code': 200}"));
        assertThat(lab.lastEvents())
                .containsExactly(
                        "ExecutionStarted",
                        "TaskStateEntered",
                        "TaskScheduled",
                        "TaskStarted",
                        "TaskSucceeded",
                        "TaskStateExited",
                        "ExecutionSucceeded");
    }

    @Test
    void aFunctionsOwnArnPassesTheInputAndGivesTheResultAsItIs() {
        lab.lambda("arn:aws:lambda:us-east-1:123456789012:function:f", (payload, invocation) -> payload.path("n"));

        assertThat(lab.output(
                        "'Start': {'Type': 'Task', 'Resource': 'arn:aws:lambda:us-east-1:123456789012:function:f:live', 'End': true}",
                        "{'n': 21}"))
                .isEqualTo(json("21"));
        assertThat(lab.lastEvents())
                .contains("LambdaFunctionScheduled", "LambdaFunctionStarted", "LambdaFunctionSucceeded");
    }

    @Test
    void retriesBackOffUpToTheLongestDelay() {
        failing(4, new IllegalStateException("busy"));
        Instant start = lab.time.now();

        ExecutionResult result = lab.run("'Start': {" + INVOKE + """
                        'Arguments': {'FunctionName': 'f'},
                        'Retry': [{'ErrorEquals': ['java.lang.IllegalStateException'], 'IntervalSeconds': 2,
                                   'BackoffRate': 3, 'MaxAttempts': 5, 'MaxDelaySeconds': 10}],
                        'Output': '{% $states.context.State.RetryCount %}', 'End': true}
                        """, "{}");

        assertThat(result.output()).contains(json("4"));
        // 2, 6, then 18 and 54 cut to 10 each.
        assertThat(Duration.between(start, lab.time.now())).isEqualTo(Duration.ofSeconds(28));
        assertThat(result.transitions()).isEqualTo(5);
    }

    @Test
    void everyRetrierCountsItsOwnAttempts() {
        lab.lambda("f", (payload, invocation) -> {
            if (calls.incrementAndGet() % 2 == 1) {
                throw new IllegalStateException("odd");
            }
            throw new IllegalArgumentException("even");
        });

        ExecutionResult result = lab.run("'Start': {" + INVOKE + """
                        'Arguments': {'FunctionName': 'f'},
                        'Retry': [{'ErrorEquals': ['java.lang.IllegalStateException'], 'MaxAttempts': 2},
                                  {'ErrorEquals': ['States.ALL'], 'MaxAttempts': 2}],
                        'End': true}
                        """, "{}");

        assertThat(calls).hasValue(5);
        assertThat(result.error()).contains("java.lang.IllegalStateException");
    }

    @Test
    void aCatcherSeesTheErrorTheInputAndTheVariables() {
        failing(9, new TaskFailedException("unused", "unused"));
        lab.lambda("g", (payload, invocation) -> {
            throw new UnsupportedOperationException("not today");
        });

        JsonNode output = lab.output("'Start': {" + INVOKE + """
                        'Arguments': {'FunctionName': 'g'},
                        'Catch': [{'ErrorEquals': ['Other'], 'Next': 'Wrong'},
                                  {'ErrorEquals': ['States.TaskFailed'], 'Next': 'Caught',
                                   'Assign': {'why': '{% $parse($states.errorOutput.Cause).errorMessage %}'},
                                   'Output': {'error': '{% $states.errorOutput.Error %}', 'input': '{% $states.input %}'}}],
                        'Next': 'Wrong'},
                        'Caught': {'Type': 'Pass', 'Output': '{% $merge([$states.input, {`why`: $why}]) %}', 'End': true},
                        'Wrong': {'Type': 'Fail'}
                        """, "{'k': 1}");

        assertThat(output)
                .isEqualTo(json(
                        "{'error': 'java.lang.UnsupportedOperationException', 'input': {'k': 1}, 'why': 'not today'}"));
    }

    @Test
    void withoutOutputACatcherPassesTheErrorOn() {
        lab.lambda("f", (payload, invocation) -> {
            throw new StackOverflowError();
        });

        JsonNode output = lab.output("'Start': {" + INVOKE + """
                        'Arguments': {'FunctionName': 'f'}, 'Catch': [{'ErrorEquals': ['States.ALL'], 'Next': 'Caught'}], 'End': true},
                        'Caught': {'Type': 'Succeed'}
                        """, "{}");

        assertThat(output.path("Error").asText()).isEqualTo("java.lang.StackOverflowError");
        assertThat(json(output.path("Cause").asText().replace('\'', '`'))
                        .path("errorType")
                        .asText())
                .isEqualTo("java.lang.StackOverflowError");
    }

    @Test
    void aFailedExpressionCanBeCaught() {
        lab.lambda("f", (payload, invocation) -> payload);

        JsonNode output = lab.output("'Start': {" + INVOKE + """
                        'Arguments': {'FunctionName': 'f', 'Payload': '{% $states.input.missing %}'},
                        'Catch': [{'ErrorEquals': ['States.QueryEvaluationError'], 'Next': 'Caught'}], 'End': true},
                        'Caught': {'Type': 'Pass', 'Output': '{% $states.input.Cause %}', 'End': true}
                        """, "{}");

        assertThat(output.asText())
                .isEqualTo("An error occurred while executing the state 'Start' (entered at the event id #2). "
                        + "The JSONata expression '$states.input.missing' specified for the field 'Arguments/Payload' "
                        + "returned nothing (undefined).");
    }

    @Test
    void aTaskThatNeverReturnsTimesOut() {
        lab.builder.task("arn:aws:states:::example:work", request -> new CompletableFuture<>());

        ExecutionResult result = lab.run("""
                'Start': {'Type': 'Task', 'Resource': 'arn:aws:states:::example:work',
                          'TimeoutSeconds': '{% $states.input.limit %}', 'End': true}
                """, "{'limit': 90}");

        assertThat(result.status()).isEqualTo(Status.FAILED);
        assertThat(result.error()).contains("States.Timeout");
        assertThat(result.cause()).isEmpty();
        assertThat(lab.lastEvents()).endsWith("TaskTimedOut", "ExecutionFailed");
    }

    @Test
    void aFunctionThatNeverReturnsIsStoppedAfterFifteenMinutes() {
        lab.builder.executor(never -> {});
        lab.lambda("f", (payload, invocation) -> payload);
        Instant start = lab.time.now();

        ExecutionResult result =
                lab.run("'Start': {" + INVOKE + "'Arguments': {'FunctionName': 'f'}, 'End': true}", "{}");

        assertThat(result.error()).contains("Sandbox.Timedout");
        assertThat(result.cause().orElse("")).contains("Task timed out after 900.00 seconds");
        assertThat(Duration.between(start, lab.time.now())).isEqualTo(Duration.ofMinutes(15));
    }

    @Test
    void aResultOf300KilobytesIsRefused() {
        lab.lambda("f", (payload, invocation) -> json("'" + "x".repeat(300_000) + "'"));

        ExecutionResult result =
                lab.run("'Start': {" + INVOKE + "'Arguments': {'FunctionName': 'f'}, 'End': true}", "{}");

        assertThat(result.error()).contains("States.DataLimitExceeded");
        assertThat(result.cause())
                .contains("The state/task 'lambda' returned a result with a size exceeding the maximum number of bytes"
                        + " service limit.");
    }

    @Test
    void aTaskWithATokenWaitsUntilItComesBack() {
        List<String> tokens = new ArrayList<>();
        lab.builder.task("arn:aws:states:::sqs:sendMessage.waitForTaskToken", request -> {
            tokens.add(request.arguments().path("token").asText());
            return CompletableFuture.completedFuture(json("{'MessageId': 'm1'}"));
        });
        Engine engine = lab.builder.build();
        Execution execution = engine.start(Lab.machine(TOKEN), "test", json("{}"));
        lab.time.advance(Duration.ofHours(3));
        assertThat(execution.result()).isNotDone();

        assertThat(engine.sendTaskSuccess("another", json("1"))).isFalse();
        assertThat(engine.sendTaskSuccess(tokens.get(0), json("{'answer': 42}")))
                .isTrue();

        assertThat(execution.result().join().output()).contains(json("{'answer': 42}"));
        assertThat(lab.lastEvents()).containsSubsequence("TaskStarted", "TaskSubmitted", "TaskSucceeded");
        assertThat(engine.sendTaskSuccess(tokens.get(0), json("1"))).isFalse();
    }

    private static final String TOKEN = """
            'Start': {'Type': 'Task', 'Resource': 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
                      'Arguments': {'token': '{% $states.context.Task.Token %}'}, 'HeartbeatSeconds': 36000,
                      'Catch': [{'ErrorEquals': ['States.HeartbeatTimeout', 'Refused'], 'Next': 'Caught'}], 'End': true},
            'Caught': {'Type': 'Pass', 'Output': '{% $states.input.Error %}', 'End': true}
            """;

    @Test
    void heartbeatsKeepATaskAliveAndTheirAbsenceEndsIt() {
        List<String> tokens = new ArrayList<>();
        lab.builder.task("arn:aws:states:::sqs:sendMessage.waitForTaskToken", request -> {
            tokens.add(request.taskToken().orElseThrow());
            return CompletableFuture.completedFuture(json("{}"));
        });
        Engine engine = lab.builder.build();
        Execution execution = engine.start(Lab.machine(TOKEN), "test", json("{}"));
        for (int i = 0; i < 5; i++) {
            lab.time.advance(Duration.ofHours(9));
            assertThat(engine.sendTaskHeartbeat(tokens.get(0))).isTrue();
        }

        ExecutionResult result = lab.time.await(execution.result());

        assertThat(result.output()).contains(json("'States.Timeout'"));
    }

    @Test
    void aTokenCanBringAnError() {
        List<String> tokens = new ArrayList<>();
        lab.builder.task("arn:aws:states:::sqs:sendMessage.waitForTaskToken", request -> {
            tokens.add(request.taskToken().orElseThrow());
            return CompletableFuture.completedFuture(json("{}"));
        });
        Engine engine = lab.builder.build();
        Execution execution = engine.start(Lab.machine(TOKEN), "test", json("{}"));
        lab.time.advance(Duration.ofSeconds(1));

        engine.sendTaskFailure(tokens.get(0), "Refused", "no");

        assertThat(execution.result().join().output()).contains(json("'Refused'"));
    }

    @Test
    void aTaskCanStartAnotherMachineAndWaitForIt() {
        lab.builder.machine(
                "arn:aws:states:us-east-1:123456789012:stateMachine:child",
                Lab.machine(
                        "'Start': {'Type': 'Wait', 'Seconds': 60, 'Output': {'n': '{% $states.input.n + 1 %}'}, 'End': true}"));

        JsonNode output = lab.output("""
                'Start': {'Type': 'Task', 'Resource': 'arn:aws:states:::states:startExecution.sync:2',
                          'Arguments': {'StateMachineArn': 'arn:aws:states:us-east-1:123456789012:stateMachine:child',
                                        'Name': 'one', 'Input': {'n': 1}},
                          'Output': {'status': '{% $states.result.Status %}', 'n': '{% $states.result.Output.n %}'}, 'End': true}
                """, "{}");

        assertThat(output).isEqualTo(json("{'status': 'SUCCEEDED', 'n': 2}"));
    }

    @Test
    void aMachineThatFailsFailsTheTaskThatWaitsForIt() {
        lab.builder.machine(
                "arn:aws:states:us-east-1:123456789012:stateMachine:child",
                Lab.machine("'Start': {'Type': 'Fail', 'Error': 'Broken', 'Cause': 'it is'}"));

        ExecutionResult result = lab.run("""
                'Start': {'Type': 'Task', 'Resource': 'arn:aws:states:::states:startExecution.sync:2',
                          'Arguments': {'StateMachineArn': 'arn:aws:states:us-east-1:123456789012:stateMachine:child'}, 'End': true}
                """, "{}");

        assertThat(result.error()).contains("States.TaskFailed");
        assertThat(json(result.cause().orElseThrow()).path("Error").asText()).isEqualTo("Broken");
    }

    @Test
    void anUnknownResourceIsRefusedBeforeAnythingRuns() {
        Engine engine = lab.builder.build();
        StateMachine machine =
                Lab.machine("'Start': {'Type': 'Task', 'Resource': 'arn:aws:states:::dynamodb:getItem', 'End': true}");

        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> engine.start(machine, "x", json("{}"))))
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessageContaining(
                        "$.States.Start.Resource: nothing is registered for arn:aws:states:::dynamodb:getItem");
    }

    @Test
    void aTimeOutOfWorkRunsOnItsOwnTimer() {
        VirtualScheduler work = new VirtualScheduler();
        lab.builder.taskTimer(work);
        lab.builder.task("arn:aws:states:::example:work", request -> new CompletableFuture<>());
        Execution execution = lab.start(
                Lab.machine(
                        "'Start': {'Type': 'Task', 'Resource': 'arn:aws:states:::example:work', 'TimeoutSeconds': 5, 'End': true}"),
                "{}");

        lab.time.advance(Duration.ofDays(1));
        assertThat(execution.result()).isNotDone();
        work.advance(Duration.ofSeconds(5));

        assertThat(execution.result().join().error()).contains("States.Timeout");
    }

    @Test
    void theResultOfATimedOutTaskComesTooLate() {
        CompletableFuture<JsonNode> late = new CompletableFuture<>();
        lab.builder.task("arn:aws:states:::example:work", request -> late.copy());

        ExecutionResult result = lab.run("""
                'Start': {'Type': 'Task', 'Resource': 'arn:aws:states:::example:work', 'TimeoutSeconds': 1,
                          'Catch': [{'ErrorEquals': ['States.Timeout'], 'Next': 'Late'}], 'End': true},
                'Late': {'Type': 'Wait', 'Seconds': 1, 'Output': 'too late', 'End': true}
                """, "{}");
        late.complete(json("'in time'"));

        assertThat(result.output()).contains(json("'too late'"));
    }

    @Test
    void theHistoryHasTheShapeOfTheService() {
        lab.lambda("f", (payload, invocation) -> json("7"));

        lab.run(
                "'Start': {" + INVOKE
                        + "'Arguments': {'FunctionName': 'f'}, 'TimeoutSeconds': 9, 'Assign': {'x': 'y'}, 'Output': 1, 'End': true}",
                "{'a': 1}");

        List<JsonNode> events = lab.histories.get(0).events().stream()
                .map(event -> json(event.toJson().toString().replace("'", "`")))
                .toList();
        assertThat(events.get(2)).isEqualTo(json("""
                                {'timestamp': '2026-01-01T00:00:00.000Z', 'type': 'TaskScheduled', 'id': 3, 'previousEventId': 2,
                                 'taskScheduledEventDetails': {'resourceType': 'lambda', 'resource': 'invoke', 'region': 'us-east-1',
                                   'parameters': '{\\'FunctionName\\':\\'f\\'}', 'timeoutInSeconds': 9}}
                                """));
        assertThat(events.get(5)).isEqualTo(json("""
                                {'timestamp': '2026-01-01T00:00:00.000Z', 'type': 'TaskStateExited', 'id': 6, 'previousEventId': 5,
                                 'stateExitedEventDetails': {'name': 'Start', 'output': '1', 'outputDetails': {'truncated': false},
                                   'assignedVariables': {'x': '\\'y\\''}, 'assignedVariablesDetails': {'truncated': false}}}
                                """));
    }
}
