package io.reelbatch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The example of the README is this one, and it says what it prints. */
class ReadmeTest {
    private static final Path SOURCE = Path.of("src/test/java/io/reelbatch/engine/ReadmeTest.java");
    private static final Path DEFINITION = Path.of("src/test/resources/hello.asl.json");

    private static String example(String definition) {
        // example
        StateMachine machine = StateMachine.parse(definition);
        VirtualScheduler time = new VirtualScheduler();
        Engine engine = Engine.builder()
                .scheduler(time)
                .lambda("greet", (payload, invocation) -> TextNode.valueOf("Hello " + payload.asText()))
                .build();
        Execution execution = engine.start(machine, "first", TextNode.valueOf("Ada"));
        ExecutionResult result = time.await(execution.result());
        // end
        return result.output().orElseThrow().asText();
    }

    @Test
    void theExampleRuns() throws IOException {
        assertThat(example(Files.readString(DEFINITION))).isEqualTo("Hello Ada");
    }

    @Test
    void theExampleIsTheOneOfTheReadme() throws IOException {
        List<String> lines = Files.readAllLines(SOURCE);
        String example =
                lines.subList(lines.indexOf("        // example") + 1, lines.indexOf("        // end")).stream()
                        .map(line -> line.replaceFirst("^ {8}", ""))
                        .collect(Collectors.joining("\n"));

        assertThat(Files.readString(Path.of("README.md")))
                .contains("```java\n" + example + "\n```")
                .contains("```json\n" + Files.readString(DEFINITION) + "```");
    }
}
