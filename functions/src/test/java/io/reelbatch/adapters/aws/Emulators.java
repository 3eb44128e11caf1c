package io.reelbatch.adapters.aws;

import com.fasterxml.jackson.databind.JsonNode;
import io.reelbatch.domain.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** DynamoDB Local and S3Proxy in a process of their own, built by the {@code emulators} module; ends with this one. */
public final class Emulators implements AutoCloseable {
    /** Leaves DynamoDB Local out of the build and its tests, for those whom its licence does not suit. */
    static final String SKIP = "skipDynamoDbLocal";

    private static final Path BUILT = Path.of("emulators", "target", "classpath.txt");

    private final Process process;
    private final JsonNode answer;

    private Emulators(Process process, JsonNode answer) {
        this.process = process;
        this.answer = answer;
    }

    static Emulators start() {
        try {
            Path built = built();
            Path log = built.resolveSibling("emulators.log");
            String classPath = built.resolveSibling("classes")
                    + System.getProperty("path.separator")
                    + Files.readString(built).strip();
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx1g",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            classPath,
                            "io.reelbatch.emulators.Main")
                    .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            return new Emulators(process, Json.mapper().readTree(firstLine(process, log)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path built() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.exists(at.resolve(BUILT))) {
                return at.resolve(BUILT);
            }
        }
        throw new IllegalStateException(
                "The emulators are not built. Run \"mvn verify\" in the root folder, or there, once,"
                        + " \"mvn -q -pl emulators process-classes\".");
    }

    private static String firstLine(Process process, Path log) throws IOException {
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        if (line == null) {
            throw new IllegalStateException("The emulators did not start; what they said is in " + log);
        }
        return line;
    }

    /** The environment variables with which any client finds them, as a user would set them. */
    public Map<String, String> environment() {
        Map<String, String> variables = new HashMap<>();
        variables.put("AWS_REGION", "us-east-1");
        variables.put("AWS_ACCESS_KEY_ID", text("accessKeyId"));
        variables.put("AWS_SECRET_ACCESS_KEY", text("secretAccessKey"));
        variables.put("AWS_ENDPOINT_URL_S3", text("s3"));
        if (answer.has("dynamodb")) {
            variables.put("AWS_ENDPOINT_URL_DYNAMODB", text("dynamodb"));
        }
        return Map.copyOf(variables);
    }

    /** Makes clients of them. */
    public AwsClients clients() {
        return clients(environment());
    }

    /** Makes clients of them and of what else an environment names. */
    public AwsClients clients(Map<String, String> environment) {
        return new AwsClients(
                environment,
                StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(text("accessKeyId"), text("secretAccessKey"))));
    }

    private String text(String field) {
        return answer.get(field).asText();
    }

    @Override
    public void close() {
        process.destroy();
    }
}
