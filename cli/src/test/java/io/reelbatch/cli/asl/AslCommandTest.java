package io.reelbatch.cli.asl;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class AslCommandTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Path EXAMPLES = Path.of("../examples/asl");

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int execute(String... arguments) {
        return new CommandLine(new AslCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    @ParameterizedTest
    @CsvSource({
        "retry, SUCCEEDED, 0, 4",
        "poll, SUCCEEDED, 0, 8",
        "orders, FAILED, 3, 8",
    })
    void anExampleEndsAsItsPageSays(String name, String status, int exitStatus, int transitions) throws IOException {
        int exit = execute(
                "run",
                EXAMPLES.resolve(name + ".asl.json").toString(),
                "--input",
                EXAMPLES.resolve(name + ".input.json").toString(),
                "--mocks",
                EXAMPLES.resolve(name + ".mocks.json").toString(),
                "--json");

        JsonNode result = MAPPER.readTree(out.toString());
        assertThat(result.path("status").asText()).as("%s%s", out, err).isEqualTo(status);
        assertThat(result.path("transitions").asInt()).as("%s", out).isEqualTo(transitions);
        assertThat(exit).isEqualTo(exitStatus);
    }

    @Test
    void aMockListThatIsUsedUpIsAnError() throws IOException {
        JsonNode result = AslRunCommand.runLine("""
                {"id": 7,
                 "definition": {"QueryLanguage": "JSONata", "StartAt": "A", "States": {
                   "A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": "B"},
                   "B": {"Type": "Choice", "Choices": [{"Condition": "{% true %}", "Next": "A"}], "Default": "C"},
                   "C": {"Type": "Succeed"}}},
                 "input": {}, "mocks": {"A": [{"return": 1, "note": "ignored"}]}}
                """.replace("\n", " "));

        assertThat(result.path("id").asInt()).isEqualTo(7);
        assertThat(result.path("error").asText()).isEqualTo("States.Runtime");
        assertThat(result.path("cause").asText()).contains("'A' are used up");
        assertThat(result.path("states")).extracting(JsonNode::asText).containsExactly("A", "B", "A");
    }

    @Test
    void aLineWithAnInvalidDefinitionGivesItsProblems() {
        JsonNode result = AslRunCommand.runLine("{\"id\": \"x\", \"definition\": {\"StartAt\": \"A\"}}");

        assertThat(result.path("status").asText()).isEqualTo("INVALID");
        assertThat(result.path("cause").asText()).contains("JSONata only");
    }

    @Test
    void validateListsEveryProblemWithItsPath() throws IOException {
        Path file = Files.writeString(folder.resolve("bad.json"), """
                {"QueryLanguage": "JSONata", "StartAt": "A", "States": {
                  "A": {"Type": "Pass", "Next": "Nowhere", "Parameters": {}},
                  "B": {"Type": "Wait", "Seconds": "{% 1 + %}", "End": true}}}
                """);

        int exit = execute("validate", file.toString());

        assertThat(exit).isEqualTo(2);
        assertThat(out.toString())
                .contains("$.States.A.Parameters: ")
                .contains("$.States.A.Next: names the state 'Nowhere'")
                .contains("$.States.B: No transition leads to this state")
                .contains("$.States.B.Seconds: ");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThat(execute("run", folder.resolve("none.json").toString())).isEqualTo(2);
        assertThat(err.toString()).contains("none.json: there is no such file");
    }

    @Test
    void linesAreAnsweredInTheirOrder() throws IOException {
        String pass =
                "{\"QueryLanguage\":\"JSONata\",\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Pass\",\"End\":true}}}";
        String lines = "{\"id\": 1, \"definition\": " + pass + ", \"input\": {\"k\": 1}}\n"
                + "nonsense\n\n"
                + "{\"id\": \"b\", \"definition\": " + MAPPER.writeValueAsString(pass) + "}\n";
        InputStream stdin = System.in;
        System.setIn(new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)));
        try {
            assertThat(execute("run", "--lines")).isZero();
        } finally {
            System.setIn(stdin);
        }

        assertThat(out.toString().lines().map(AslCommandTest::read))
                .extracting(result ->
                        result.path("id").asText() + " " + result.path("status").asText())
                .containsExactly("1 SUCCEEDED", " INVALID", "b SUCCEEDED");
    }

    private static JsonNode read(String line) {
        try {
            return MAPPER.readTree(line);
        } catch (IOException e) {
            throw new IllegalStateException(line, e);
        }
    }
}
