package io.reelbatch.engine;

import static io.reelbatch.engine.Lab.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Distributed Maps: where items come from, how they are put together, where results go. */
class DistributedMapTest {
    private final Lab lab = new Lab();

    private static String map(String fields, String process) {
        return "'Start': {'Type': 'Map', " + fields
                + " 'ItemProcessor': {'ProcessorConfig': {'Mode': 'DISTRIBUTED', 'ExecutionType': 'STANDARD'},"
                + " 'StartAt': 'Work', 'States': {'Work': " + process + "}}, 'End': true}";
    }

    private static final String ECHO = "{'Type': 'Pass', 'End': true}";

    private static String reader(String config, String place) {
        return "'ItemReader': {'Resource': 'arn:aws:states:::s3:getObject', 'ReaderConfig': {" + config
                + "}, 'Arguments': {'Bucket': 'b', 'Key': '" + place + "'}},";
    }

    @Test
    void everyItemIsAChildExecutionWithItsOwnHistory() {
        JsonNode output = lab.output(map("'Items': [{'n': 1}, {'n': 2}], 'Label': 'Jobs',", ECHO), "{}");

        assertThat(output).isEqualTo(json("[{'n': 1}, {'n': 2}]"));
        assertThat(lab.histories).hasSize(3);
        assertThat(lab.histories.get(0).executionArn())
                .startsWith("arn:aws:states:us-east-1:123456789012:execution:StateMachine/Jobs:");
        assertThat(lab.histories.get(2).events())
                .extracting(HistoryEvent::type)
                .containsExactly(
                        "ExecutionStarted",
                        "MapStateEntered",
                        "MapStateStarted",
                        "MapRunStarted",
                        "MapRunSucceeded",
                        "MapStateSucceeded",
                        "MapStateExited",
                        "ExecutionSucceeded");
        // Start, and for each item its dispatch and its one state.
        assertThat(lab.histories.get(2).result().transitions()).isEqualTo(5);
    }

    @Test
    void aChildDoesNotSeeTheParentsVariables() {
        JsonNode output = lab.output(
                "'Start': {'Type': 'Pass', 'Assign': {'v': 1}, 'Next': 'Map'},"
                        + map("'Items': [1],", "{'Type': 'Pass', 'Output': '{% $exists($v) %}', 'End': true}")
                                .replace("'Start': {'Type': 'Map'", "'Map': {'Type': 'Map'"),
                "{}");

        assertThat(output).isEqualTo(json("[false]"));
    }

    @Test
    void itemsAreReadFromAnArrayInAnObject() {
        lab.objects.put("b", "items.json", "[{\"n\": 1}, {\"n\": 2}, {\"n\": 3}]");

        assertThat(lab.output(map(reader("'InputType': 'JSON', 'MaxItems': '{% 1 + 1 %}'", "items.json"), ECHO), "{}"))
                .isEqualTo(json("[{'n': 1}, {'n': 2}]"));
    }

    @Test
    void itemsAreReadFromInsideADocument() {
        lab.objects.put("b", "items.json", "{\"meta\": {}, \"data\": {\"list\": [1, 2]}}");

        assertThat(lab.output(
                        map(reader("'InputType': 'JSON', 'ItemsPointer': '/data/list'", "items.json"), ECHO), "{}"))
                .isEqualTo(json("[1, 2]"));
    }

    @Test
    void theRowsOfACsvFileAreObjectsOfStrings() {
        lab.objects.put("b", "items.csv", "id,text\n1,\"a, \"\"b\"\"\"\r\n2,c\n");

        assertThat(lab.output(
                        map(reader("'InputType': 'CSV', 'CSVHeaderLocation': 'FIRST_ROW'", "items.csv"), ECHO), "{}"))
                .hasToString("[{\"id\":\"1\",\"text\":\"a, \\\"b\\\"\"},{\"id\":\"2\",\"text\":\"c\"}]");
    }

    @Test
    void theHeadersOfACsvFileCanBeGiven() {
        lab.objects.put("b", "items.csv", "1;x\n2;y");

        assertThat(lab.output(
                        map(
                                reader(
                                        "'InputType': 'CSV', 'CSVHeaderLocation': 'GIVEN', 'CSVHeaders': ['id', 'v'],"
                                                + " 'CSVDelimiter': 'SEMICOLON'",
                                        "items.csv"),
                                ECHO),
                        "{}"))
                .isEqualTo(json("[{'id': '1', 'v': 'x'}, {'id': '2', 'v': 'y'}]"));
    }

    @Test
    void theObjectsOfAListingAreItems() {
        lab.objects.put("b", "in/1", "x");
        lab.objects.put("b", "in/2", "yy");
        lab.objects.put("b", "out/1", "z");

        assertThat(lab.output(
                        map(
                                "'ItemReader': {'Resource': 'arn:aws:states:::s3:listObjectsV2',"
                                        + " 'Arguments': {'Bucket': 'b', 'Prefix': 'in/'}},"
                                        + " 'ItemSelector': {'k': '{% $states.context.Map.Item.Value.(Key & Size) %}'},",
                                ECHO),
                        "{}"))
                .isEqualTo(json("[{'k': 'in/11'}, {'k': 'in/22'}]"));
    }

    @Test
    void anObjectThatIsNotThereFailsTheReader() {
        ExecutionResult result = lab.run(map(reader("'InputType': 'JSONL'", "none.jsonl"), ECHO), "{}");

        assertThat(result.error()).contains("States.ItemReaderFailed");
        assertThat(lab.lastEvents()).endsWith("MapRunFailed", "MapStateFailed", "ExecutionFailed");
    }

    @Test
    void aLineThatIsNotJsonIsNamed() {
        lab.objects.put("b", "items.jsonl", "{\"n\": 1}\n{\"n\"\n");

        assertThat(lab.run(map(reader("'InputType': 'JSONL'", "items.jsonl"), ECHO), "{}")
                        .cause()
                        .orElse(""))
                .startsWith("line 2 is not JSON");
    }

    @Test
    void itemsCanBePutTogetherInBatches() {
        JsonNode output = lab.output(
                map(
                        "'Items': [1, 2, 3, 4, 5], 'ItemBatcher': {'MaxItemsPerBatch': 2, 'BatchInput': {'k': '{% 1 + 1 %}'}},",
                        ECHO),
                "{}");

        assertThat(output).isEqualTo(json("""
                                [{'BatchInput': {'k': 2}, 'Items': [1, 2]}, {'BatchInput': {'k': 2}, 'Items': [3, 4]},
                                 {'BatchInput': {'k': 2}, 'Items': [5]}]
                                """));
    }

    @Test
    void oneFailedItemFailsTheMapUnlessItIsTolerated() {
        String work = """
                {'Type': 'Choice', 'Choices': [{'Condition': '{% $states.input = 2 %}', 'Next': 'Bad'}], 'Default': 'Good'},
                'Good': {'Type': 'Succeed'}, 'Bad': {'Type': 'Fail', 'Error': 'E'}
                """;

        assertThat(new Lab().run(map("'Items': [1, 2, 3],", work), "{}").error())
                .contains("States.ExceedToleratedFailureThreshold");
        assertThat(new Lab().output(map("'Items': [1, 2, 3], 'ToleratedFailureCount': 1,", work), "{}"))
                .isEqualTo(json("[1, 3]"));
        assertThat(new Lab().output(map("'Items': [1, 2, 3], 'ToleratedFailurePercentage': 34,", work), "{}"))
                .isEqualTo(json("[1, 3]"));
        assertThat(new Lab()
                        .run(map("'Items': [1, 2, 3], 'ToleratedFailurePercentage': 33,", work), "{}")
                        .error())
                .contains("States.ExceedToleratedFailureThreshold");
    }

    @Test
    void resultsAreWrittenWithAManifest() throws IOException {
        String work = """
                {'Type': 'Choice', 'Choices': [{'Condition': '{% $states.input = 2 %}', 'Next': 'Bad'}], 'Default': 'Good'},
                'Good': {'Type': 'Succeed'}, 'Bad': {'Type': 'Fail', 'Error': 'E', 'Cause': 'c'}
                """;
        JsonNode output = lab.output(map("""
                        'Items': [1, 2], 'ToleratedFailureCount': 1,
                        'ResultWriter': {'Resource': 'arn:aws:states:::s3:putObject', 'Arguments': {'Bucket': 'b', 'Prefix': 'res'}},
                        """, work), "{}");

        JsonNode manifest =
                json(lab.objects.text("b", output.at("/ResultWriterDetails/Key").asText()));
        assertThat(manifest.path("DestinationBucket").asText()).isEqualTo("b");
        assertThat(manifest.path("MapRunArn")).isEqualTo(output.path("MapRunArn"));
        assertThat(manifest.at("/ResultFiles/PENDING")).isEmpty();
        String failedKey = manifest.at("/ResultFiles/FAILED/0/Key").asText();
        assertThat(failedKey).matches("res/[0-9a-f-]{36}/FAILED_0\\.json");
        JsonNode failed = json(lab.objects.text("b", failedKey)).get(0);
        assertThat(failed.path("Error").asText()).isEqualTo("E");
        assertThat(failed.path("Input").asText()).isEqualTo("2");
        assertThat(failed.path("Status").asText()).isEqualTo("FAILED");
        JsonNode succeeded = json(lab.objects.text(
                        "b", manifest.at("/ResultFiles/SUCCEEDED/0/Key").asText()))
                .get(0);
        assertThat(succeeded.path("Output").asText()).isEqualTo("1");
    }

    @Test
    void resultsCanBeWrittenWithoutMetadata() throws IOException {
        JsonNode output = lab.output(map("""
                        'Items': [[1, 2], [3]],
                        'ResultWriter': {'Resource': 'arn:aws:states:::s3:putObject', 'Arguments': {'Bucket': 'b', 'Prefix': 'p'},
                                         'WriterConfig': {'Transformation': 'FLATTEN', 'OutputType': 'JSONL'}},
                        """, ECHO), "{}");

        JsonNode manifest =
                json(lab.objects.text("b", output.at("/ResultWriterDetails/Key").asText()));
        String key = manifest.at("/ResultFiles/SUCCEEDED/0/Key").asText();
        assertThat(key).endsWith("SUCCEEDED_0.jsonl");
        assertThat(lab.objects.text("b", key)).isEqualTo("1\n2\n3\n");
    }

    @Test
    void resultsTooLargeForAStateAreRefused() {
        ExecutionResult result = lab.run(
                map("'Items': '{% [1..300] %}',", "{'Type': 'Pass', 'Output': '{% $pad(`x`, 1000) %}', 'End': true}"),
                "{}");

        assertThat(result.error()).contains("States.DataLimitExceeded");
    }

    @Test
    void aStoppedParentStopsItsChildren() {
        Execution execution = lab.start(
                Lab.machine(map("'Items': [1, 2, 3],", "{'Type': 'Wait', 'Seconds': 3600, 'End': true}")), "{}");
        lab.time.advance(java.time.Duration.ofSeconds(1));

        execution.stop("", "");

        assertThat(lab.histories)
                .extracting(history -> history.result().status())
                .containsOnly(ExecutionResult.Status.ABORTED)
                .hasSize(4);
        assertThat(lab.time.pending()).isZero();
    }

    @Test
    void aFailedChildStopsTheOthers() {
        AtomicInteger started = new AtomicInteger();
        lab.lambda("f", (payload, invocation) -> {
            if (started.incrementAndGet() == 3) {
                throw new IllegalStateException("third");
            }
            return payload;
        });

        ExecutionResult result = lab.run(
                map(
                        "'Items': '{% [1..50] %}', 'MaxConcurrency': 1,",
                        "{'Type': 'Task', 'Resource': 'arn:aws:states:::lambda:invoke', 'Arguments': {'FunctionName': 'f'}, 'End': true}"),
                "{}");

        assertThat(result.error()).contains("States.ExceedToleratedFailureThreshold");
        assertThat(result.cause()).contains("The specified tolerated failure threshold was exceeded");
        assertThat(started).hasValue(3);
    }
}
