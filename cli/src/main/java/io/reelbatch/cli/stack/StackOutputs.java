package io.reelbatch.cli.stack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.reelbatch.domain.json.Json;

/**
 * What a stack publishes of itself in the SSM parameter {@code /reelbatch/<stack>/outputs}.
 *
 * @param name the stack
 * @param stateMachineArn runs batches
 * @param bucket has configs, inputs and outputs
 * @param table has the records
 */
public record StackOutputs(String name, String stateMachineArn, String bucket, String table, String region) {

    /** The parameter in which a stack publishes its outputs. */
    static String parameter(String stack) {
        return "/reelbatch/" + stack + "/outputs";
    }

    /**
     * Reads the parameter's value.
     *
     * @throws StackException if it is not what a stack writes
     */
    static StackOutputs parse(String stack, String json) {
        try {
            JsonNode outputs = Json.mapper().readTree(json);
            return new StackOutputs(
                    stack,
                    text(stack, outputs, "stateMachineArn"),
                    text(stack, outputs, "bucket"),
                    text(stack, outputs, "table"),
                    text(stack, outputs, "region"));
        } catch (JsonProcessingException e) {
            throw damaged(stack, "is not JSON");
        }
    }

    private static String text(String stack, JsonNode outputs, String field) {
        JsonNode value = outputs.path(field);
        if (!value.isTextual() || value.asText().isBlank()) {
            throw damaged(stack, "has no " + field);
        }
        return value.asText();
    }

    private static StackException damaged(String stack, String how) {
        return StackException.usage("The SSM parameter " + parameter(stack) + " " + how
                + ": it is not of a stack that this command knows. Deploy the stack again, with the same version.");
    }

    /** An execution's ARN. */
    String executionArn(String execution) {
        return stateMachineArn.replaceFirst(":stateMachine:", ":execution:") + ":" + execution;
    }

    /** The page of an execution in the AWS console. */
    public String console(String executionArn) {
        String host = stateMachineArn.startsWith("arn:aws-cn:")
                ? "console.amazonaws.cn"
                : stateMachineArn.startsWith("arn:aws-us-gov:")
                        ? "console.amazonaws-us-gov.com"
                        : "console.aws.amazon.com";
        return "https://" + region + "." + host + "/states/home?region=" + region + "#/v2/executions/details/"
                + executionArn;
    }
}
