package io.reelbatch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.adapters.aws.Emulators;
import io.reelbatch.adapters.aws.UsesDynamoDbLocal;
import io.reelbatch.cli.stack.BatchExecution;
import io.reelbatch.cli.stack.Executions;
import io.reelbatch.cli.stack.Stack;
import io.reelbatch.cli.stack.StackException;
import io.reelbatch.domain.json.Json;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Finding a stack and its executions; every config here is refused by PlanBatch, so that executions end by themselves. */
@UsesDynamoDbLocal
class StackTest {
    private final StandInStack aws;

    StackTest(Emulators emulators) throws IOException {
        this.aws = new StandInStack(emulators, settings -> settings);
    }

    @AfterEach
    void close() throws IOException {
        aws.close();
    }

    private Stack open(String name) {
        return Stack.open(name, aws.clients());
    }

    @Test
    void whatCannotBeFoundIsTheUsersToPutRight() {
        assertThatExceptionOfType(StackException.class)
                .isThrownBy(() -> open("none"))
                .withMessageContaining("There is no stack none")
                .matches(StackException::isUsage);
        assertThatExceptionOfType(StackException.class)
                .isThrownBy(() -> open("no/name"))
                .withMessageContaining("is no stack's name")
                .matches(StackException::isUsage);
        assertThatExceptionOfType(StackException.class)
                .isThrownBy(() -> open(StandInStack.FOREIGN))
                .withMessageContaining("has no stateMachineArn")
                .matches(StackException::isUsage);
    }

    @Test
    void aRefusalNamesTheCallAndWhatToCheck() {
        assertThatExceptionOfType(StackException.class)
                .isThrownBy(() -> open(StandInStack.FORBIDDEN))
                .withMessageContainingAll("ssm:GetParameter", "check that the credentials are valid")
                .matches(failure -> !failure.isUsage());
    }

    @Test
    void aBatchThatIsNotThereIsSaidToBe() {
        try (Stack stack = open(StandInStack.NAME)) {
            for (String name : new String[] {"none", "no/id", "", "x".repeat(81)}) {
                assertThatExceptionOfType(StackException.class)
                        .isThrownBy(() -> StackCommand.known(stack, name))
                        .withMessageContaining("There is no batch " + name)
                        .matches(StackException::isUsage);
            }
            assertThatExceptionOfType(StackException.class)
                    .isThrownBy(() -> StackCommand.knownOrLast(stack, Optional.empty()))
                    .withMessageContaining("has run no batch yet");
        }
    }

    @Test
    void aRepeatedStartIsTheSameExecutionAndAnotherInputIsRefused() {
        try (Stack stack = open(StandInStack.NAME)) {
            Executions executions = stack.executions();
            BatchExecution first = executions.start("b1", input("b1"));
            BatchExecution ended = awaitEnd(executions, first);

            assertThat(ended.error()).isPresent();
            assertThat(executions.start("b1", input("b1")).arn()).isEqualTo(first.arn());
            assertThatExceptionOfType(StackException.class)
                    .isThrownBy(() -> executions.start("b1", input("b1").put("outputDir", "x")))
                    .withMessageContaining("There is a batch b1 with another input")
                    .matches(StackException::isUsage);
            assertThat(aws.executions()).containsExactly("b1");
        }
    }

    @Test
    void retriesCountUpAndOnlyTheLastIsLookedAt() {
        try (Stack stack = open(StandInStack.NAME)) {
            Executions executions = stack.executions();
            awaitEnd(executions, executions.start("b1", input("b1")));
            awaitEnd(executions, executions.start("b1_r", input("b1_r")));
            for (int number = 1; number <= 2; number++) {
                BatchExecution retry = executions.retry(
                        "b1", executions.latest("b1"), Json.mapper().createObjectNode());
                assertThat(retry.name()).isEqualTo("b1_r" + number);
                awaitEnd(executions, retry);
            }

            assertThat(executions.latest("b1").orElseThrow().name()).isEqualTo("b1_r2");
            assertThat(executions.latestRetry("b1").orElseThrow().name()).isEqualTo("b1_r2");
            assertThat(executions.latestRetry("b1_r")).isEmpty();
            assertThat(executions.recent(20))
                    .extracting(Executions.Listed::batchId)
                    .containsExactly("b1", "b1_r");
            assertThat(executions.recent(1)).hasSize(1);
        }
    }

    private static ObjectNode input(String batchId) {
        return Json.mapper().createObjectNode().put("batchId", batchId).put("configUri", "s3://elsewhere/a.yaml");
    }

    private static BatchExecution awaitEnd(Executions executions, BatchExecution execution) {
        BatchExecution now = execution;
        while (now.isRunning()) {
            now = executions.refreshed(now);
            Thread.onSpinWait();
        }
        return now;
    }
}
