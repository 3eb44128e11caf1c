package io.reelbatch.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** {@code states:startExecution}, with and without waiting for the end. */
final class StartExecutionTasks implements TaskHandler {
    static final String KEY = "startExecution";

    private final Map<String, StateMachine> machines;
    private final Starter starter;
    private final Supplier<String> ids;

    /** Starts an execution of a machine under an ARN. */
    @FunctionalInterface
    interface Starter {
        Execution start(String machineArn, StateMachine machine, String name, JsonNode input);
    }

    StartExecutionTasks(Map<String, StateMachine> machines, Starter starter, Supplier<String> ids) {
        this.machines = machines;
        this.starter = starter;
        this.ids = ids;
    }

    @Override
    public CompletionStage<JsonNode> run(TaskRequest request) {
        JsonNode arguments = request.arguments();
        String arn = arguments.path("StateMachineArn").asText();
        StateMachine machine = machines.get(arn);
        if (machine == null) {
            throw new TaskFailedException(
                    "StepFunctions.StateMachineDoesNotExistException", "State Machine Does Not Exist: '" + arn + "'");
        }
        JsonNode input = arguments.has("Input") ? arguments.get("Input") : Json.object();
        Execution child;
        try {
            child = starter.start(arn, machine, arguments.path("Name").asText(ids.get()), input);
        } catch (IllegalStateException e) {
            throw new TaskFailedException(
                    "StepFunctions.ExecutionAlreadyExistsException", String.valueOf(e.getMessage()));
        }
        if (!request.resource().contains(".sync")) {
            ObjectNode answer = Json.object();
            answer.put("ExecutionArn", child.arn());
            answer.put("StartDate", Json.timestamp(child.startTime()));
            return CompletableFuture.completedFuture(answer);
        }
        boolean parsed = request.resource().endsWith(".sync:2");
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        child.whenEnded(result -> end(child, arn, input, result, parsed, answer));
        var unused = answer.whenComplete((value, error) -> {
            if (answer.isCancelled()) {
                child.stop("", "");
            }
        });
        return answer;
    }

    private static void end(
            Execution child,
            String machineArn,
            JsonNode input,
            ExecutionResult result,
            boolean parsed,
            CompletableFuture<JsonNode> answer) {
        ObjectNode description = Json.object();
        result.cause().ifPresent(cause -> description.put("Cause", cause));
        result.error().ifPresent(error -> description.put("Error", error));
        description.put("ExecutionArn", child.arn());
        put(description, "Input", input, parsed);
        description.putObject("InputDetails").put("Included", true);
        description.put("Name", child.name());
        result.output().ifPresent(output -> {
            put(description, "Output", output, parsed);
            description.putObject("OutputDetails").put("Included", true);
        });
        description.put("StartDate", child.startTime().toEpochMilli());
        description.put("StateMachineArn", machineArn);
        description.put("Status", result.status().name());
        description.put("StopDate", child.stopTime().toEpochMilli());
        if (result.status() == ExecutionResult.Status.SUCCEEDED) {
            answer.complete(description);
        } else {
            answer.completeExceptionally(new TaskFailedException(Failure.TASK_FAILED, Json.text(description)));
        }
    }

    private static void put(ObjectNode description, String name, JsonNode value, boolean parsed) {
        if (parsed) {
            description.set(name, value);
        } else {
            description.put(name, Json.text(value));
        }
    }
}
