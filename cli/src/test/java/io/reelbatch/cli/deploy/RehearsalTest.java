package io.reelbatch.cli.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.reelbatch.adapters.aws.AwsClients;
import io.reelbatch.adapters.aws.SecretKey;
import io.reelbatch.cli.local.DeployedRun;
import io.reelbatch.domain.json.Json;
import io.reelbatch.domain.store.BatchFolder;
import io.reelbatch.engine.ExecutionResult;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * The stack that the template makes, created in a stand-in for AWS by the stand-in's own CloudFormation; the definition as it is
 * there, run by our engine with the handlers, on the stack's table and bucket. Needs the tools of {@code infra/tools/prepare}.
 */
class RehearsalTest {
    @TempDir
    Path work;

    private static Path tools() throws IOException, InterruptedException {
        Process look = new ProcessBuilder(Template.root("infra/tools/prepare").toString(), "--only-look")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String folder = new String(look.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        boolean ready = look.waitFor() == 0 && Files.exists(Path.of(folder, "venv", "ready"));
        assumeTrue(ready, "the stand-in for AWS is not installed: infra/tools/prepare does it");
        return Path.of(folder, "venv", "bin", "python");
    }

    private Process start() throws IOException, InterruptedException {
        Path python = tools();
        assumeTrue(
                Files.exists(Template.root("functions/target/reelbatch-lambda.jar")),
                "there is no functions/target/reelbatch-lambda.jar: mvn package makes it");
        return new ProcessBuilder(python.toString(), "infra/tools/rehearse.py", work.toString())
                .directory(Template.root("").toFile())
                .redirectError(work.resolve("log").toFile())
                .start();
    }

    private static DeployedRun.Stack stack(JsonNode deployed) {
        Map<String, String> functions = new HashMap<>();
        deployed.path("functions")
                .properties()
                .forEach(function -> functions.put(
                        function.getKey(),
                        function.getValue().path("FunctionArn").asText()));
        Map<String, String> environment = Map.of(
                "AWS_ENDPOINT_URL", deployed.path("endpoint").asText(),
                "AWS_REGION", "us-east-1",
                "AWS_ACCESS_KEY_ID", "rehearsal",
                "AWS_SECRET_ACCESS_KEY", "none");
        return new DeployedRun.Stack(
                environment,
                deployed.at("/outputs/table").asText(),
                deployed.at("/outputs/bucket").asText(),
                deployed.path("definition").asText(),
                functions);
    }

    @Test
    void aBatchRunsInTheStackThatTheTemplateMakes() throws IOException, InterruptedException {
        Process process = start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line = out.readLine();
            assertThat(line)
                    .as("what it said: %s", Files.readString(work.resolve("log")))
                    .isNotNull();
            JsonNode deployed = Json.mapper().readTree(line);

            theFunctionsFindTheirParts(deployed);
            aBatchRuns(stack(deployed));
        } finally {
            process.destroy();
        }
    }

    private static void theFunctionsFindTheirParts(JsonNode deployed) {
        JsonNode variables = deployed.at("/functions/SubmitJob/Environment/Variables");
        assertThat(variables.path("REELBATCH_TABLE")).isEqualTo(deployed.at("/outputs/table"));
        assertThat(variables.path("REELBATCH_BUCKET")).isEqualTo(deployed.at("/outputs/bucket"));
        assertThat(deployed.at("/functions/StartBatch/Environment/Variables/REELBATCH_STATE_MACHINE_ARN"))
                .isEqualTo(deployed.at("/outputs/stateMachineArn"));
        DeployedRun.Stack stack = stack(deployed);
        try (SecretsManagerClient client = new AwsClients(stack.environment(), stack.credentials()).secretsManager()) {
            SecretKey key = new SecretKey(
                    client, variables.path("REELBATCH_API_KEY_SECRET").asText());
            assertThat(key.get()).isNotNull();
        }
    }

    private static void aBatchRuns(DeployedRun.Stack stack) throws IOException {
        try (DeployedRun run = new DeployedRun(stack, settings -> settings)) {
            ExecutionResult result = run.run(
                    "rehearsed",
                    new YAMLMapper()
                            .readTree("jobs:\n- {name: One, prompt: one, type: image,"
                                    + " model: black-forest-labs/flux-2-pro/text-to-image, width: 64, height: 64}\n"
                                    + "- {name: Two, prompt: two, type: video,"
                                    + " model: bytedance/seedance-v1.5-pro/text-to-video}\n"));

            assertThat(result.status())
                    .as("%s %s", result.error(), result.cause())
                    .isEqualTo(ExecutionResult.Status.SUCCEEDED);
            BatchFolder folder = new BatchFolder("rehearsed");
            try (InputStream in = run.objects().read(folder.visible("manifest.json"))) {
                assertThat(Json.mapper().readTree(in).path("successful").asInt())
                        .isEqualTo(2);
            }
            assertThat(run.objects().find(folder.visible("images/one.png"))).isPresent();
            assertThat(run.objects().find(folder.visible("videos/two.mp4"))).isPresent();
        }
    }
}
