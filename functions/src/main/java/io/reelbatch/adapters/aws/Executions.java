package io.reelbatch.adapters.aws;

import io.reelbatch.errors.StoreException;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.DescribeExecutionResponse;
import software.amazon.awssdk.services.sfn.model.ExecutionAlreadyExistsException;
import software.amazon.awssdk.services.sfn.model.ExecutionDoesNotExistException;

/** The executions of one state machine. Trouble on the way there is a {@link StoreException}. */
public final class Executions {
    private final SfnClient client;
    private final String stateMachineArn;

    /** @param stateMachineArn such as {@code arn:aws:states:eu-west-1:123456789012:stateMachine:reelbatch} */
    public Executions(SfnClient client, String stateMachineArn) {
        this.client = client;
        this.stateMachineArn = stateMachineArn;
    }

    /**
     * An execution that was asked for.
     *
     * @param arn its ARN
     * @param existed whether one of that name had been started before; nothing new was started then
     */
    public record Started(String arn, boolean existed) {}

    /**
     * What Step Functions knows of an execution, for 90 days after its end.
     *
     * @param status such as {@code RUNNING} or {@code ABORTED}
     * @param input the JSON it was started with
     * @param error name of the error with which it failed
     * @param cause in words
     */
    public record Known(
            String arn,
            String name,
            String status,
            Optional<String> input,
            Optional<String> error,
            Optional<String> cause) {
        /** Whether its steps may still do something. */
        public boolean isRunning() {
            return status.equals("RUNNING") || status.equals("PENDING_REDRIVE");
        }
    }

    /** Starts an execution unless there is, or was in the last 90 days, one of that name. */
    public Started start(String name, String input) {
        return call("start execution " + name, () -> {
            try {
                return new Started(
                        client.startExecution(request -> request.stateMachineArn(stateMachineArn)
                                        .name(name)
                                        .input(input))
                                .executionArn(),
                        false);
            } catch (ExecutionAlreadyExistsException e) {
                return new Started(arn(name), true);
            }
        });
    }

    /** What is known of an execution; empty if there never was one, or it ended too long ago. */
    public Optional<Known> find(String arn) {
        return call("describe execution " + arn, () -> {
            try {
                return Optional.of(known(client.describeExecution(request -> request.executionArn(arn))));
            } catch (ExecutionDoesNotExistException e) {
                return Optional.empty();
            }
        });
    }

    private static Known known(DescribeExecutionResponse answer) {
        return new Known(
                answer.executionArn(),
                answer.name(),
                answer.statusAsString(),
                Optional.ofNullable(answer.input()),
                Optional.ofNullable(answer.error()),
                Optional.ofNullable(answer.cause()));
    }

    /** The ARN that an execution of that name has, whether there is one or not. */
    public String arn(String name) {
        return stateMachineArn.replaceFirst(":stateMachine:", ":execution:") + ":" + name;
    }

    /** Whether an ARN is that of an execution of this state machine. */
    public boolean isOurs(String arn) {
        return arn.startsWith(arn(""));
    }

    private <T> T call(String what, Supplier<T> call) {
        try {
            return call.get();
        } catch (SdkException e) {
            throw new StoreException("cannot " + what + " of " + stateMachineArn + ": " + Advice.on(e), e);
        }
    }
}
