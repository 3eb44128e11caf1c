package io.reelbatch.cli.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.reelbatch.adapters.aws.Emulators;
import io.reelbatch.adapters.aws.S3ObjectStore;
import io.reelbatch.adapters.aws.TableSchema;
import io.reelbatch.adapters.aws.UsesDynamoDbLocal;
import io.reelbatch.cli.deploy.Template.Statement;
import io.reelbatch.cli.local.CallRecorder;
import io.reelbatch.cli.local.CallRecorder.Need;
import io.reelbatch.cli.local.DeployedRun;
import io.reelbatch.cli.simulator.Fault;
import io.reelbatch.cli.simulator.FaultPlan;
import io.reelbatch.domain.store.ObjectWriter;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;

/** What the functions call in whole batches, beside what their roles in the template allow. */
@UsesDynamoDbLocal
class PermissionsTest {
    private static final String NAMES = "permissions";
    private static final String FLUX =
            "type: image, model: black-forest-labs/flux-2-pro/text-to-image, width: 64, height: 64";
    private static final String SEEDANCE = "type: video, model: bytedance/seedance-v1.5-pro/image-to-video";

    /** What roles allow besides what happens here, and when it is needed. */
    private static final Map<String, String> UNSEEN = Map.of(
            "logs:CreateLogStream", "Lambda itself",
            "logs:PutLogEvents", "Lambda itself",
            "dynamodb:UpdateItem", "a write changes what the batch has committed",
            "s3:ListBucket", "S3 answers 404 for a missing object instead of 403",
            "s3:AbortMultipartUpload", "a transfer of more than 8 MB breaks off",
            "s3:DeleteObject", "a copy turns out to differ from its original, or an inline output is stored",
            "s3:PutObject", "the provider's answer carries the output itself, or an output is copied",
            "s3:GetObject", "an output lies in the bucket already",
            "secretsmanager:GetSecretValue", "the key comes from a test's own hands here");

    private final Emulators emulators;

    PermissionsTest(Emulators emulators) {
        this.emulators = emulators;
    }

    private DeployedRun.Stack stack() throws IOException {
        DeployedRun.Stack stack = new DeployedRun.Stack(emulators.environment(), NAMES, NAMES, definition(), Map.of());
        try (DynamoDbClient dynamoDb = stack.dynamoDb(new CallRecorder());
                S3Client s3 = stack.s3(new CallRecorder())) {
            TableSchema.createIfMissing(dynamoDb, NAMES);
            S3ObjectStore.createIfMissing(s3, NAMES);
        }
        return stack;
    }

    private static String definition() throws IOException {
        return Files.readString(Template.root("statemachine/batch.asl.json"))
                .replaceAll("\\$\\{(\\w+)FunctionArn}", "$1");
    }

    private static JsonNode config(String yaml) throws IOException {
        return new YAMLMapper().readTree(yaml);
    }

    /** Files from the bucket, failures, copies, a broken step: what batches do. */
    private Map<String, CallRecorder> batches() throws IOException {
        try (DeployedRun run = new DeployedRun(
                stack(),
                settings -> settings.withFaults(FaultPlan.chances(
                        Map.of(Fault.FAILED, 0.2, Fault.DOWNLOAD_CUT, 0.2, Fault.SUBMIT_429, 0.2))))) {
            put(run, "brand/hero.png");
            run.run(
                    "all-kinds",
                    config("jobs:\n- {name: One, prompt: one, " + FLUX + "}\n- {name: Two, prompt: two, " + FLUX
                            + "}\n- {name: Clip, prompt: it moves, image: brand/hero.png, " + SEEDANCE
                            + "}\n- {name: Chained, prompt: it moves too, image: {from: One}, " + SEEDANCE + "}\n"));
            run.run("copies", config("reuse: true\njobs:\n- {name: Again, prompt: one, " + FLUX + "}\n"));
            run.run("breaks-in-CheckJob", config("jobs:\n- {name: Broken, prompt: broken, " + FLUX + "}\n"));
            return run.calls();
        }
    }

    private static void put(DeployedRun run, String key) throws IOException {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB), "png", png);
        try (ObjectWriter out = run.objects().write(key, "image/png")) {
            out.write(png.toByteArray());
            out.commit();
        }
    }

    @Test
    void aRoleAllowsWhatItsFunctionCallsAndLittleElse() throws IOException {
        Map<String, Set<String>> forbidden = new TreeMap<>();
        Map<String, Set<String>> superfluous = new TreeMap<>();
        batches().forEach((function, recorder) -> {
            assertThat(recorder.actions()).as(function).isNotEmpty();
            List<Statement> role = role(function);
            forbidden.put(
                    function,
                    recorder.needs().stream()
                            .filter(need -> role.stream().noneMatch(statement -> allows(statement, need)))
                            .map(Need::toString)
                            .collect(Collectors.toCollection(TreeSet::new)));
            superfluous.put(
                    function,
                    role.stream()
                            .flatMap(statement -> statement.actions().stream())
                            .filter(action -> !recorder.actions().contains(action) && !UNSEEN.containsKey(action))
                            .collect(Collectors.toCollection(TreeSet::new)));
        });

        assertThat(forbidden.values()).as("called, not allowed: %s", forbidden).allMatch(Set::isEmpty);
        assertThat(superfluous.values())
                .as("allowed, not called: %s", superfluous)
                .allMatch(Set::isEmpty);
    }

    private static List<Statement> role(String function) {
        return Template.application().statements().stream()
                .filter(statement -> statement.owner().equals(function + "Role"))
                .toList();
    }

    private static boolean allows(Statement statement, Need need) {
        return statement.actions().contains(need.action())
                && statement.resources().stream().anyMatch(resource -> covers(resource, need));
    }

    /** A table or a whole bucket is named by its ARN, an object by the bucket's and a prefix. */
    private static boolean covers(String resource, Need need) {
        if (need.key().isEmpty()) {
            return resource.equals(need.action().startsWith("dynamodb:") ? "Table.Arn" : "Bucket.Arn");
        }
        String prefix = resource.replace("${Bucket.Arn}/", "").replace("*", "");
        return resource.startsWith("${Bucket.Arn}/") && need.key().startsWith(prefix);
    }
}
