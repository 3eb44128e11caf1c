package io.reelbatch.cli.asl;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.engine.InvalidDefinitionException;
import io.reelbatch.engine.StateMachine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code reelbatch asl run}: runs a definition in virtual time with mocked Tasks. */
@Command(
        name = "run",
        description = {
            "Run a definition and print {status, output, error, cause, states, transitions}.",
            "Time is virtual: hours of waiting take milliseconds. Tasks answer from the mocks, in order:",
            "  {\"StateName\": [{\"return\": {...}}, {\"error\": \"Name\", \"cause\": \"text\"}]}",
            "With --lines, each line of stdin is {id, definition, input, mocks}, and each line of stdout its result."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:the execution succeeded, or --lines read everything",
            "2:the definition, input or mocks are invalid",
            "3:the execution ended otherwise"
        },
        footerHeading = "%nExample:%n",
        footer = {"  cd examples/asl", "  reelbatch asl run poll.asl.json --mocks poll.mocks.json"})
final class AslRunCommand implements Callable<Integer> {
    static final int OK = 0;
    static final int BAD_INPUT = 2;
    private static final int NOT_SUCCEEDED = 3;
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "DEFINITION", description = "The definition.")
    private @Nullable Path definition;

    @Option(names = "--input", paramLabel = "FILE", description = "The execution's input; {} without it.")
    private @Nullable Path input;

    @Option(names = "--mocks", paramLabel = "FILE", description = "What Tasks answer.")
    private @Nullable Path mocks;

    @Option(names = "--json", description = "Print the result on one line.")
    private boolean json;

    @Option(names = "--lines", description = "Read runs from stdin, one a line.")
    private boolean lines;

    @SuppressWarnings("NullAway.Init") // picocli fills the fields in
    AslRunCommand() {}

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        if (lines == (definition != null)) {
            err.println("asl run takes either a DEFINITION or --lines");
            return BAD_INPUT;
        }
        if (definition == null) {
            runLines(out);
            return OK;
        }
        try {
            return runOne(definition, out);
        } catch (InvalidDefinitionException e) {
            e.problems().forEach(problem -> err.println(definition + ": " + problem));
        } catch (IOException | IllegalArgumentException e) {
            err.println(e.getMessage());
        }
        err.flush();
        return BAD_INPUT;
    }

    private int runOne(Path file, PrintWriter out) throws IOException {
        StateMachine machine = StateMachine.parse(AslValidateCommand.read(file));
        ObjectNode result = AslRun.run(machine, json(input), new Mocks(json(mocks)));
        out.println(json ? MAPPER.writeValueAsString(result) : result.toPrettyString());
        out.flush();
        return result.path("status").asText().equals("SUCCEEDED") ? OK : NOT_SUCCEEDED;
    }

    private static JsonNode json(@Nullable Path file) throws IOException {
        if (file == null) {
            return MAPPER.createObjectNode();
        }
        try {
            return MAPPER.readTree(AslValidateCommand.read(file));
        } catch (JsonProcessingException e) {
            throw new IOException(file + ": is not valid JSON: " + e.getMessage(), e);
        }
    }

    private static void runLines(PrintWriter out) throws IOException {
        BufferedReader reader = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            if (!line.isBlank()) {
                out.println(MAPPER.writeValueAsString(runLine(line)));
                out.flush();
            }
        }
    }

    /** The result of one line; what is wrong with the line itself is a result too, so that the others still run. */
    static ObjectNode runLine(String line) {
        ObjectNode result = MAPPER.createObjectNode();
        try {
            JsonNode run = MAPPER.readTree(line);
            result.set("id", run.get("id"));
            JsonNode given = run.path("definition");
            StateMachine machine = StateMachine.parse(given.isTextual() ? given.textValue() : given.toString());
            JsonNode input = run.has("input") ? run.get("input") : MAPPER.createObjectNode();
            Mocks mocks = new Mocks(run.hasNonNull("mocks") ? run.get("mocks") : MAPPER.createObjectNode());
            return result.setAll(AslRun.run(machine, input, mocks));
        } catch (InvalidDefinitionException e) {
            return invalid(result, "InvalidDefinition", e);
        } catch (JsonProcessingException e) {
            return invalid(result, "InvalidLine", e);
        } catch (IllegalArgumentException | IllegalStateException e) {
            return invalid(result, "InvalidRun", e);
        }
    }

    private static ObjectNode invalid(ObjectNode result, String error, Exception e) {
        result.put("status", "INVALID");
        result.putNull("output");
        result.put("error", error);
        result.put("cause", e.getMessage());
        result.putArray("states");
        return result.put("transitions", 0);
    }
}
