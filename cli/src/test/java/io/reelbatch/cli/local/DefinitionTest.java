package io.reelbatch.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.reelbatch.engine.Engine;
import io.reelbatch.engine.ExecutionResult;
import io.reelbatch.engine.StateMachine;
import io.reelbatch.engine.TaskFailedException;
import io.reelbatch.engine.TaskHandler;
import io.reelbatch.engine.VirtualScheduler;
import io.reelbatch.handlers.StepHandler;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The deployed definition fits the engine, the handlers and the errors that it names. */
class DefinitionTest {
    private static final Pattern FUNCTION = Pattern.compile("\\$\\{(\\w+)FunctionArn}");

    /** https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html, as of November 2026. */
    private static final Set<String> STATES_ERRORS = Set.of(
            "States.ALL",
            "States.DataLimitExceeded",
            "States.ExceedToleratedFailureThreshold",
            "States.HeartbeatTimeout",
            "States.ItemReaderFailed",
            "States.Permissions",
            "States.QueryEvaluationError",
            "States.ResultWriterFailed",
            "States.TaskFailed",
            "States.Timeout");

    /** https://docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html and the Lambda API's own errors. */
    private static final Set<String> LAMBDA_ERRORS = Set.of(
            "Lambda.AWSLambdaException",
            "Lambda.ClientExecutionTimeoutException",
            "Lambda.SdkClientException",
            "Lambda.ServiceException",
            "Lambda.SnapStartNotReadyException",
            "Lambda.TooManyRequestsException");

    /**
     * What is reported of a function that ran out of time or memory, or whose process ended: the first by the Step Functions
     * guide, the others by Lambda itself, whose word Step Functions passes on.
     */
    private static final Set<String> DEATHS = Set.of("Lambda.Unknown", "Runtime.ExitError", "Sandbox.Timedout");

    /** Of a summary, what the event has beside its batch, sentence and failed jobs. */
    private static final Set<String> EVENT_FIELDS = Set.of(
            "total_jobs",
            "successful",
            "failures",
            "reused",
            "total_cost",
            "estimate",
            "charged",
            "at_risk",
            "avoided");

    /** In front of the names of the states that run the jobs of chains. */
    private static final String COPY = "Chain";

    private static final JsonNode DEFINITION = read();

    private static JsonNode read() {
        try (InputStream in = LocalRun.class.getResourceAsStream("/statemachine/batch.asl.json")) {
            return new JsonMapper().readTree(in);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Every state by its name, those inside Maps included. */
    private static Map<String, JsonNode> states() {
        Map<String, JsonNode> states = new LinkedHashMap<>();
        collect(DEFINITION, states);
        return states;
    }

    private static void collect(JsonNode graph, Map<String, JsonNode> states) {
        graph.path("States").properties().forEach(state -> {
            states.put(state.getKey(), state.getValue());
            collect(state.getValue().path("ItemProcessor"), states);
        });
    }

    private static JsonNode state(String name) {
        return Objects.requireNonNull(states().get(name), name);
    }

    /** Those that call a function. */
    private static Map<String, JsonNode> tasks() {
        Map<String, JsonNode> tasks = new LinkedHashMap<>(states());
        tasks.values().removeIf(state -> !state.path("Resource").asText().startsWith("arn:aws:states:::lambda:invoke"));
        return tasks;
    }

    private static String function(JsonNode task) {
        Matcher matcher = FUNCTION.matcher(task.at("/Arguments/FunctionName").asText());
        assertThat(matcher.matches()).as("FunctionName of %s", task).isTrue();
        return matcher.group(1);
    }

    private static Stream<JsonNode> rules(JsonNode state, String field) {
        return StreamSupport.stream(state.path(field).spliterator(), false);
    }

    private static List<String> errors(JsonNode rule) {
        return new JsonMapper().convertValue(rule.path("ErrorEquals"), new TypeReference<List<String>>() {});
    }

    @Test
    void theEngineTakesIt() {
        assertThat(StateMachine.validate(DEFINITION.toString())).isEmpty();
    }

    /** A path to each JSONata expression of the definition. */
    static List<String> expressions() {
        List<String> paths = new ArrayList<>();
        find(DEFINITION, "", paths);
        return paths;
    }

    private static void find(JsonNode node, String path, List<String> found) {
        if (node.isTextual() && node.textValue().startsWith("{%")) {
            found.add(path);
        }
        node.properties().forEach(field -> find(field.getValue(), path + "/" + field.getKey(), found));
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            find(node.get(i), path + "/" + i, found);
        }
    }

    @ParameterizedTest
    @MethodSource("expressions")
    void eachExpressionIsCompiled(String path) {
        JsonNode broken = DEFINITION.deepCopy();
        int last = path.lastIndexOf('/');
        JsonNode parent = broken.at(path.substring(0, last));
        TextNode unclosed = TextNode.valueOf("{% $states.input.( %}");
        if (parent instanceof ObjectNode object) {
            object.set(path.substring(last + 1), unclosed);
        } else {
            ((ArrayNode) parent).set(Integer.parseInt(path.substring(last + 1)), unclosed);
        }

        assertThat(StateMachine.validate(broken.toString())).isNotEmpty();
    }

    @Test
    void eachFunctionIsAHandlerAndEachHandlerIsUsed() {
        Set<String> handlers = new ClassFileImporter()
                .importPackages("io.reelbatch.handlers").stream()
                        .filter(type ->
                                type.isAssignableTo(StepHandler.class) && !type.isEquivalentTo(StepHandler.class))
                        .map(JavaClass::getSimpleName)
                        .collect(Collectors.toSet());

        assertThat(handlers).isNotEmpty();
        assertThat(tasks().entrySet().stream()
                        .filter(task -> !task.getKey().startsWith(COPY))
                        .map(task -> function(task.getValue())))
                .containsExactlyInAnyOrderElementsOf(handlers);
    }

    @Test
    void aTaskHasTheNameOfItsHandler() {
        assertThat(tasks()).allSatisfy((name, task) -> assertThat(name).isIn(function(task), COPY + function(task)));
    }

    @Test
    void theOnlySubstitutionsAreTheFunctions() {
        Matcher all = Pattern.compile("\\$\\{[^}]*}").matcher(DEFINITION.toString());

        assertThat(all.results().map(match -> match.group()))
                .isNotEmpty()
                .allSatisfy(substitution -> assertThat(substitution).matches(FUNCTION));
    }

    @Test
    void eachErrorNameIsKnown() {
        Map<String, String> unknown = new TreeMap<>();
        states().forEach((name, state) -> Stream.of("Retry", "Catch")
                .flatMap(field -> rules(state, field))
                .flatMap(rule -> errors(rule).stream())
                .filter(error -> !STATES_ERRORS.contains(error) && !LAMBDA_ERRORS.contains(error))
                .filter(error -> !DEATHS.contains(error) && !isOurs(error))
                .forEach(error -> unknown.put(error, name)));

        assertThat(unknown).isEmpty();
    }

    /** Lambda reports a class by {@link Class#getName}: a nested one would be {@code Outer$Inner}. */
    private static boolean isOurs(String error) {
        try {
            Class<?> type = Class.forName(error);
            return type.getPackageName().equals("io.reelbatch.errors")
                    && type.getEnclosingClass() == null
                    && Throwable.class.isAssignableFrom(type);
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    @Test
    void aTaskOutlastsItsFunction() {
        Map<String, JsonNode> working = tasks();
        working.values().removeIf(task -> task.path("Resource").asText().endsWith(".waitForTaskToken"));
        assertThat(working)
                .hasSize(tasks().size() - 2)
                .allSatisfy((name, task) -> assertThat(
                                Duration.ofSeconds(task.path("TimeoutSeconds").asLong()))
                        .isGreaterThan(LocalRun.timeout(function(task))));
    }

    @Test
    void onlyTheRecordersRetryWhateverHappens() {
        assertThat(tasks().entrySet())
                .filteredOn(task -> rules(task.getValue(), "Retry")
                        .anyMatch(rule -> errors(rule).contains("States.ALL")))
                .extracting(Map.Entry::getKey)
                .containsExactlyInAnyOrder("RecordFailure", "ChainRecordFailure", "BuildManifest");
    }

    /** A version that nobody called for 14 days is inactive, and a call wakes it; with full jitter a wait is half as long on average. */
    @Test
    void aFunctionThatSleepsHasMinutesToWake() {
        assertThat(tasks()).allSatisfy((name, task) -> {
            JsonNode rule = rules(task, "Retry").findFirst().orElseThrow();
            assertThat(errors(rule))
                    .containsExactly("Lambda.SnapStartNotReadyException", "Lambda.TooManyRequestsException");
            assertThat(meanSeconds(rule)).isGreaterThan(300);
        });
    }

    private static double meanSeconds(JsonNode rule) {
        double wait = rule.path("IntervalSeconds").asDouble();
        double sum = 0;
        for (int attempt = 0; attempt < rule.path("MaxAttempts").asInt(); attempt++) {
            sum += Math.min(wait, rule.path("MaxDelaySeconds").asDouble()) / 2;
            wait *= rule.path("BackoffRate").asDouble();
        }
        return sum;
    }

    @Test
    void whateverBreaksAJobIsRecorded() {
        assertThat(List.of("SubmitJob", "CheckJob", "DownloadOutput")).allSatisfy(name -> {
            List<JsonNode> catchers = rules(state(name), "Catch").toList();
            JsonNode last = catchers.get(catchers.size() - 1);
            assertThat(errors(last)).containsExactly("States.ALL");
            assertThat(last.path("Next").asText()).isEqualTo("RecordFailure");
        });
    }

    @Test
    void whoeverIsNotCalledBackIsPolled() {
        JsonNode await = state("AwaitWebhook");

        assertThat(await.path("TimeoutSeconds").asText()).isEqualTo("{% $states.input.waitSeconds %}");
        assertThat(rules(await, "Retry").flatMap(rule -> errors(rule).stream()))
                .doesNotContain("States.Timeout", "States.TaskFailed", "States.ALL");
        List<JsonNode> catchers = rules(await, "Catch").toList();
        assertThat(catchers)
                .allSatisfy(rule -> assertThat(rule.path("Next").asText()).isEqualTo("CheckJob"));
        assertThat(errors(catchers.get(0))).containsExactly("States.Timeout");
        assertThat(catchers.get(0).path("Output").asText()).isEqualTo("{% $states.input %}");
        // What broke the wait would break the next one at once: that is a Wait.
        assertThat(errors(catchers.get(1))).containsExactly("States.ALL");
        assertThat(catchers.get(1).path("Output").asText()).contains("{'next': 'wait'}");
    }

    @Test
    void aSubmitThatTimedOutIsNotSentAgainByARetrier() {
        assertThat(rules(state("SubmitJob"), "Retry").flatMap(rule -> errors(rule).stream()))
                .doesNotContain("States.Timeout", "States.TaskFailed", "States.ALL");
    }

    /** A function's time ends before its Task's, so that {@code States.Timeout} is not what is reported of it. */
    @Test
    void aFunctionThatDiedIsCalledAgainWhereThatCostsNothing() {
        assertThat(List.of("CheckJob", "DownloadOutput"))
                .allSatisfy(name -> assertThat(rules(state(name), "Retry").flatMap(rule -> errors(rule).stream()))
                        .containsAll(DEATHS));
        assertThat(rules(state("SubmitJob"), "Retry").flatMap(rule -> errors(rule).stream()))
                .doesNotContainAnyElementsOf(DEATHS);
    }

    @Test
    void failingJobsNeverFailTheMapAndABatchWithMissingFilesNeverSucceeds() {
        JsonNode map = state("ProcessJobs");

        assertThat(map.path("ToleratedFailurePercentage").asInt()).isEqualTo(100);
        assertThat(map.at("/ItemProcessor/ProcessorConfig/ExecutionType").asText())
                .isEqualTo("STANDARD");
        assertThat(rules(map, "Catch").map(rule -> rule.path("Next").asText())).containsExactly("BuildManifest");
        assertThat(state("Outcome").path("Default").asText()).isEqualTo("BatchIncomplete");
        assertThat(state("BatchIncomplete").path("Type").asText()).isEqualTo("Fail");
    }

    @Test
    void whatBecomesOfTheWordOfABatchChangesNothingAboutIt() {
        JsonNode notify = state("NotifyBatch");

        assertThat(state("BuildManifest").path("Next").asText()).isEqualTo("NotifyBatch");
        assertThat(notify.path("Resource").asText()).isEqualTo(LocalRun.PUT_EVENTS);
        assertThat(notify.path("Next").asText()).isEqualTo("Outcome");
        assertThat(notify.path("Output").asText()).isEqualTo("{% $states.input %}");
        assertThat(notify.path("TimeoutSeconds").asInt()).isPositive();
        assertThat(rules(notify, "Catch")).singleElement().satisfies(otherwise -> {
            assertThat(errors(otherwise)).containsExactly("States.ALL");
            assertThat(otherwise.path("Output").asText()).isEqualTo("{% $states.input %}");
            assertThat(otherwise.path("Next").asText()).isEqualTo("Outcome");
        });
    }

    @ParameterizedTest
    @CsvSource({"0, SUCCEEDED", "1, FAILED"})
    void aBatchEndsAsItEndedThoughNobodyCanBeTold(int failed, ExecutionResult.Status status) {
        ObjectNode summary =
                new JsonMapper().createObjectNode().put("batch_id", "b-1").put("failed", failed);
        summary.put("sentence", "so it ended");

        ExecutionResult result = runWithoutJobs(summary, request -> {
            throw new AssertionError("the summary lacks what the event is made of");
        });

        assertThat(result.status()).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "EventBridge.FailedEntry",
                "EventBridge.ThrottlingException",
                "EventBridge.InternalException",
                "EventBridge.SdkClientException",
                "States.Timeout"
            })
    void wordOfABatchIsTriedThreeMoreTimesWhateverWentWrong(String error) {
        ObjectNode summary = new JsonMapper().createObjectNode().put("batch_id", "b-1");
        summary.put("sentence", "so it ended").put("failed", 0);
        EVENT_FIELDS.forEach(field -> summary.put(field, 0));
        AtomicInteger tries = new AtomicInteger();

        ExecutionResult result = runWithoutJobs(summary, request -> {
            tries.incrementAndGet();
            return CompletableFuture.failedFuture(new TaskFailedException(error, "not now"));
        });

        assertThat(tries).hasValue(4);
        assertThat(result.status()).isEqualTo(ExecutionResult.Status.SUCCEEDED);
    }

    /** A batch in which nothing is left to do, so that only its end is seen. */
    private static ExecutionResult runWithoutJobs(ObjectNode summary, TaskHandler bus) {
        VirtualScheduler time = new VirtualScheduler();
        ObjectNode plan = new JsonMapper()
                .createObjectNode()
                .put("jobs", 0)
                .put("batchId", "b-1")
                .put("bucket", "files");
        Engine.Builder builder = Engine.builder()
                .scheduler(time)
                .lambda("PlanBatch", (payload, invocation) -> plan)
                .lambda("BuildManifest", (payload, invocation) -> summary)
                .task(LocalRun.PUT_EVENTS, bus);
        tasks().values().stream()
                .map(DefinitionTest::function)
                .filter(name -> !name.equals("PlanBatch") && !name.equals("BuildManifest"))
                .forEach(name -> builder.lambda(name, (payload, invocation) -> plan));
        try (Engine engine = builder.build()) {
            return time.await(engine.start(
                            StateMachine.parse(
                                    FUNCTION.matcher(DEFINITION.toString()).replaceAll("$1")),
                            "b-1",
                            new JsonMapper().createObjectNode())
                    .result());
        }
    }

    @Test
    void theJobsOfAChainRunTheSameStatesAsAJobByItself() {
        ObjectNode single = (ObjectNode) state("ProcessJobs").at("/ItemProcessor/States");
        ObjectNode expected = new JsonMapper().createObjectNode();
        single.deepCopy().without("ChainLevels").properties().forEach(state -> {
            ObjectNode copy = (ObjectNode) state.getValue();
            dropTheWayIntoAChain(copy);
            rename(copy);
            expected.set(COPY + state.getKey(), copy);
        });

        assertThat(state("ChainSiblings").at("/ItemProcessor/States"))
                .as("after a change to a job's states: statemachine/copy-job-states")
                .isEqualTo(expected);
    }

    private static void dropTheWayIntoAChain(ObjectNode state) {
        if (state.path("Choices") instanceof ArrayNode choices) {
            for (int i = choices.size() - 1; i >= 0; i--) {
                if (choices.path(i).path("Next").asText().equals("ChainLevels")) {
                    choices.remove(i);
                }
            }
        }
    }

    private static void rename(JsonNode node) {
        if (node instanceof ObjectNode object) {
            Set.of("Next", "Default").forEach(field -> {
                if (object.path(field).isTextual()) {
                    object.put(field, COPY + object.path(field).asText());
                }
            });
        }
        node.forEach(DefinitionTest::rename);
    }

    @Test
    void aJobByItselfPassesNoStateOfAChain() {
        JsonNode processor = state("ProcessJobs").path("ItemProcessor");

        assertThat(processor.path("StartAt").asText()).isEqualTo("SubmitJob");
        assertThat(processor.path("States").properties())
                .filteredOn(state -> state.toString().contains("\"ChainLevels\""))
                .extracting(Map.Entry::getKey)
                .containsExactly("NextStep");
    }

    @Test
    void theLevelsOfAChainRunOneAfterTheOther() {
        assertThat(state("ChainLevels").path("MaxConcurrency").asInt()).isEqualTo(1);
    }
}
