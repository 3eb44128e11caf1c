package io.reelbatch.engine;

import static io.reelbatch.engine.Lab.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.engine.ExecutionResult.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A definition of the shape this project deploys: plan, a Map over chains in a bucket, poll until ready, a manifest. */
class BatchDefinitionTest {
    private static final String STATES = """
            'Start': {
              'Type': 'Task', 'Resource': 'arn:aws:states:::lambda:invoke',
              'Arguments': {'FunctionName': 'PlanBatch', 'Payload': '{% $states.input %}'},
              'Assign': {'plan': '{% $states.result.Payload %}'},
              'TimeoutSeconds': 60,
              'Retry': [{'ErrorEquals': ['Lambda.TooManyRequestsException'], 'IntervalSeconds': 2}],
              'Catch': [{'ErrorEquals': ['States.ALL'], 'Next': 'BatchFailed'}],
              'Next': 'ProcessJobs'
            },
            'ProcessJobs': {
              'Type': 'Map', 'Label': 'Chains',
              'MaxConcurrency': '{% $plan.maxWorkers %}',
              'ItemReader': {
                'Resource': 'arn:aws:states:::s3:getObject',
                'ReaderConfig': {'InputType': 'JSONL'},
                'Arguments': {'Bucket': '{% $plan.bucket %}', 'Key': '{% $plan.chains %}'}
              },
              'ItemSelector': {'batch': '{% $plan.batch %}', 'job': '{% $states.context.Map.Item.Value.job %}'},
              'ItemProcessor': {
                'ProcessorConfig': {'Mode': 'DISTRIBUTED', 'ExecutionType': 'STANDARD'},
                'StartAt': 'SubmitJob',
                'States': {
                  'SubmitJob': {
                    'Type': 'Task', 'Resource': 'arn:aws:states:::lambda:invoke',
                    'Arguments': {'FunctionName': 'SubmitJob', 'Payload': '{% $states.input %}'},
                    'Assign': {'job': '{% $states.input.job %}', 'wait': 5},
                    'Output': '{% $states.result.Payload %}',
                    'Catch': [{'ErrorEquals': ['io.reelbatch.engine.BatchDefinitionTest$Refused'],
                               'Output': {'reason': '{% $parse($states.errorOutput.Cause).errorMessage %}'},
                               'Next': 'RecordFailure'}],
                    'Next': 'WaitForJob'
                  },
                  'WaitForJob': {'Type': 'Wait', 'Seconds': '{% $wait %}', 'Next': 'CheckJob'},
                  'CheckJob': {
                    'Type': 'Task', 'Resource': 'arn:aws:states:::lambda:invoke',
                    'Arguments': {'FunctionName': 'CheckJob', 'Payload': {'job': '{% $job %}'}},
                    'Output': '{% $states.result.Payload %}',
                    'Next': 'IsReady'
                  },
                  'IsReady': {
                    'Type': 'Choice',
                    'Choices': [{'Condition': '{% $states.input.ready %}', 'Next': 'Done'}],
                    'Assign': {'wait': '{% $min([30, $ceil($wait * 1.5)]) %}'},
                    'Default': 'WaitForJob'
                  },
                  'RecordFailure': {'Type': 'Pass', 'Next': 'Done'},
                  'Done': {'Type': 'Succeed', 'Output': {}}
                }
              },
              'ResultWriter': {
                'Resource': 'arn:aws:states:::s3:putObject',
                'Arguments': {'Bucket': '{% $plan.bucket %}', 'Prefix': 'batches/b1/.map'}
              },
              'Next': 'BuildManifest'
            },
            'BuildManifest': {
              'Type': 'Task', 'Resource': 'arn:aws:lambda:us-east-1:123456789012:function:BuildManifest:live',
              'Output': {'manifest': '{% $states.result.manifest %}', 'map': '{% $states.input %}'},
              'End': true
            },
            'BatchFailed': {'Type': 'Fail', 'Error': 'BatchFailed', 'Cause': '{% $states.input.Cause %}'}
            """;

    /** What the provider would say no to. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    private final Lab lab = new Lab();
    private final Map<String, Instant> readyAt = new HashMap<>();
    private final AtomicInteger polls = new AtomicInteger();

    @Test
    void aBatchOfThreeHundredJobsIsPlannedPolledAndRecorded() throws Exception {
        writeChains(300);
        register();
        StateMachine machine = Lab.machine(STATES);

        ExecutionResult result = lab.run(machine, "{'batch': 'b1'}");

        assertThat(result.status()).as("%s", result).isEqualTo(Status.SUCCEEDED);
        JsonNode output = result.output().orElseThrow();
        assertThat(output.path("manifest").asText()).isEqualTo("manifest.json");
        JsonNode manifest = json(lab.objects.text(
                "out", output.at("/map/ResultWriterDetails/Key").asText()));
        assertThat(manifest.at("/ResultFiles/SUCCEEDED").size()).isOne();
        JsonNode written = json(lab.objects
                .text("out", manifest.at("/ResultFiles/SUCCEEDED/0/Key").asText())
                .replace('\'', '`'));
        assertThat(written.size()).isEqualTo(300);
        assertThat(written.get(0).path("Output").asText()).isEqualTo("{}");
        assertThat(lab.histories).hasSize(301);
    }

    @Test
    void noMoreJobsRunAtOnceThanThePlanSays() {
        writeChains(10);
        register();

        Instant start = lab.time.now();
        lab.run(Lab.machine(STATES), "{'batch': 'b1'}");

        // 9 jobs of 10 s, seen after waits of 5 and 8 s, four at once; the refused one takes no time.
        assertThat(Duration.between(start, lab.time.now())).isEqualTo(Duration.ofSeconds(3 * 13));
        assertThat(polls).hasValue(9 * 2);
    }

    @Test
    void aPlanThatFailsEndsTheBatchWithItsCause() {
        lab.lambda("PlanBatch", (payload, invocation) -> {
            throw new IllegalArgumentException("no jobs");
        });
        register();

        ExecutionResult result = lab.run(Lab.machine(STATES), "{'batch': 'b1'}");

        assertThat(result.status()).isEqualTo(Status.FAILED);
        assertThat(result.error()).contains("BatchFailed");
        assertThat(result.cause().orElse("")).contains("java.lang.IllegalArgumentException", "no jobs");
    }

    private void writeChains(int count) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < count; i++) {
            lines.append("{\"job\": \"job-").append(i).append("\"}\n");
        }
        lab.objects.put("out", "chains.jsonl", lines.toString());
        lab.lambda(
                "PlanBatch",
                (payload, invocation) ->
                        json("{'bucket': 'out', 'chains': 'chains.jsonl', 'maxWorkers': 4, 'batch': 'b1'}"));
    }

    private void register() {
        lab.lambda("SubmitJob", (payload, invocation) -> {
            String job = payload.path("job").asText();
            if (job.equals("job-0")) {
                throw new Refused("job-0 is not allowed");
            }
            readyAt.put(job, lab.time.now().plusSeconds(10));
            return payload;
        });
        lab.lambda("CheckJob", (payload, invocation) -> {
            polls.incrementAndGet();
            Instant ready = readyAt.get(payload.path("job").asText());
            ObjectNode answer = Lab.MAPPER.createObjectNode();
            return answer.put("ready", ready != null && !lab.time.now().isBefore(ready));
        });
        lab.lambda("BuildManifest", (payload, invocation) -> json("{'manifest': 'manifest.json'}"));
    }
}
