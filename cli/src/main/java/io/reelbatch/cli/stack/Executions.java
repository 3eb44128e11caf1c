package io.reelbatch.cli.stack;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.domain.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.DescribeExecutionResponse;
import software.amazon.awssdk.services.sfn.model.ExecutionAlreadyExistsException;
import software.amazon.awssdk.services.sfn.model.ExecutionDoesNotExistException;
import software.amazon.awssdk.services.sfn.model.ExecutionListItem;
import software.amazon.awssdk.services.sfn.model.StateMachineDoesNotExistException;

/**
 * The executions of a stack's batches. A batch is called like its first execution; retry {@code n} is called
 * {@code <batchId>_r<n>}. Step Functions forgets an execution 90 days after its end.
 */
public final class Executions {
    private static final Pattern RETRY = Pattern.compile("(.+)_r([1-9]\\d{0,4})");
    private static final int PAGE = 100;

    private final SfnClient client;
    private final StackOutputs outputs;

    Executions(SfnClient client, StackOutputs outputs) {
        this.client = client;
        this.outputs = outputs;
    }

    /**
     * Starts the first execution of a batch. A second start with the same name and input is the same execution.
     *
     * @throws StackException if the name is taken by an execution with another input
     */
    public BatchExecution start(String batchId, ObjectNode input) {
        return startNamed(batchId, input)
                .orElseThrow(() -> StackException.usage(
                        "There is a batch " + batchId + " with another input already. Nothing was started."));
    }

    /**
     * Starts the next execution of a batch, for what failed and what was never finished.
     *
     * @param last the execution before, if Step Functions still knows it: its input is used again
     * @param changes of that input, such as another budget
     * @throws StackException if another one runs
     */
    public BatchExecution retry(String batchId, Optional<BatchExecution> last, ObjectNode changes) {
        if (last.isPresent() && last.get().isRunning()) {
            throw StackException.usage("Batch " + batchId + " is still running (execution "
                    + last.get().name() + "). `reelbatch watch " + batchId + "` shows it, `reelbatch stop " + batchId
                    + "` stops it.");
        }
        ObjectNode input = last.map(BatchExecution::inputTree).orElseGet(Json.mapper()::createObjectNode);
        input.put("batchId", batchId).put("retry", true);
        input.setAll(changes);
        int number =
                last.map(execution -> retryNumber(batchId, execution.name())).orElse(0) + 1;
        return startNamed(batchId + "_r" + number, input)
                .orElseThrow(() ->
                        StackException.usage("Somebody else is retrying batch " + batchId + ". Nothing was started."));
    }

    private Optional<BatchExecution> startNamed(String name, ObjectNode input) {
        String text = input.toString();
        return call("start execution " + name, () -> {
            try {
                var started = client.startExecution(request -> request.stateMachineArn(outputs.stateMachineArn())
                        .name(name)
                        .input(text));
                return Optional.of(new BatchExecution(
                        name,
                        started.executionArn(),
                        "RUNNING",
                        started.startDate(),
                        Optional.empty(),
                        text,
                        Optional.empty(),
                        Optional.empty()));
            } catch (ExecutionAlreadyExistsException e) {
                // Perhaps by this very call, whose first answer was lost, and it has ended since.
                return find(name).filter(found -> found.inputTree().equals(input));
            }
        });
    }

    /** The newest execution of a batch whose first one Step Functions still knows. */
    public Optional<BatchExecution> latest(String batchId) {
        Optional<BatchExecution> last = Optional.empty();
        Optional<BatchExecution> next = find(batchId);
        for (int number = 1; next.isPresent(); number++) {
            last = next;
            next = find(batchId + "_r" + number);
        }
        return last;
    }

    /** The newest execution of a batch whose first one Step Functions has forgotten: looks through the list of all. */
    public Optional<BatchExecution> latestRetry(String batchId) {
        AtomicReference<String> found = new AtomicReference<>();
        pages(item -> {
            if (retryNumber(batchId, item.name()) > 0) {
                found.set(item.name());
            }
            return found.get() == null;
        });
        return Optional.ofNullable(found.get()).flatMap(this::find);
    }

    /** The execution as it stands now, or as it was known if Step Functions does not show it yet. */
    public BatchExecution refreshed(BatchExecution execution) {
        return find(execution.name()).orElse(execution);
    }

    private Optional<BatchExecution> find(String name) {
        return call("look at execution " + name, () -> {
            try {
                return Optional.of(execution(
                        client.describeExecution(request -> request.executionArn(outputs.executionArn(name)))));
            } catch (ExecutionDoesNotExistException e) {
                return Optional.empty();
            }
        });
    }

    private static BatchExecution execution(DescribeExecutionResponse found) {
        return new BatchExecution(
                found.name(),
                found.executionArn(),
                found.statusAsString(),
                found.startDate(),
                Optional.ofNullable(found.stopDate()),
                Optional.ofNullable(found.input()).orElse("{}"),
                Optional.ofNullable(found.error()),
                Optional.ofNullable(found.cause()));
    }

    /** Stops an execution. Those of its Distributed Map's items stop with it; a function under way ends by itself. */
    public void stop(BatchExecution execution) {
        call(
                "stop execution " + execution.name(),
                () -> client.stopExecution(request -> request.executionArn(execution.arn())
                        .error("Stopped")
                        .cause("Stopped with `reelbatch stop`.")));
    }

    /**
     * A batch in a list.
     *
     * @param execution its newest execution
     * @param stopped when that ended, if it has
     */
    public record Listed(String batchId, String execution, String status, Instant started, Optional<Instant> stopped) {}

    /** The batches whose executions started last, newest first, at most {@code limit}. */
    public List<Listed> recent(int limit) {
        Map<String, Listed> batches = new LinkedHashMap<>();
        pages(item -> {
            String batchId = batchId(item.name());
            batches.putIfAbsent(
                    batchId,
                    new Listed(
                            batchId,
                            item.name(),
                            item.statusAsString(),
                            item.startDate(),
                            Optional.ofNullable(item.stopDate())));
            return batches.size() < limit;
        });
        return new ArrayList<>(batches.values());
    }

    /** Hands over executions, newest first, as long as more are wanted. */
    private void pages(Predicate<ExecutionListItem> wantsMore) {
        String token = null;
        do {
            String from = token;
            var page = call(
                    "list executions",
                    () -> client.listExecutions(request -> request.stateMachineArn(outputs.stateMachineArn())
                            .maxResults(PAGE)
                            .nextToken(from)));
            for (ExecutionListItem item : page.executions()) {
                if (!wantsMore.test(item)) {
                    return;
                }
            }
            token = page.nextToken();
        } while (token != null);
    }

    /** The batch that an execution of that name belongs to. */
    static String batchId(String execution) {
        Matcher retry = RETRY.matcher(execution);
        return retry.matches() ? retry.group(1) : execution;
    }

    private static int retryNumber(String batchId, String execution) {
        Matcher retry = RETRY.matcher(execution);
        return retry.matches() && retry.group(1).equals(batchId) ? Integer.parseInt(retry.group(2)) : 0;
    }

    private <T> T call(String what, Supplier<T> call) {
        try {
            return call.get();
        } catch (StateMachineDoesNotExistException e) {
            throw StackException.usage("The state machine of stack " + outputs.name() + " is gone ("
                    + outputs.stateMachineArn() + "). Deploy the stack again.");
        } catch (SdkException e) {
            throw StackException.of(what, e);
        }
    }
}
