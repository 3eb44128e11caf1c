package io.reelbatch.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The diagram of the batch in docs/design.md has the states of the definition, and the ways between them. */
class DesignPageTest {
    private static final Pattern DIAGRAM = Pattern.compile("## The batch\\s+```mermaid\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern WAY = Pattern.compile("(?m)^ *(\\S+) --> (\\S+?)(?::.*)?$");
    private static final String OUTSIDE = "[*]";

    @Test
    void theDiagramOfABatchIsItsDefinition() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "design.md"));
        JsonNode definition = new JsonMapper()
                .readTree(Path.of("..", "statemachine", "batch.asl.json").toFile());
        Set<String> ways = new TreeSet<>();
        collect(definition, ways);
        collect(definition.at("/States/ProcessJobs/ItemProcessor"), ways);

        Set<String> drawn = DIAGRAM.matcher(page)
                .results()
                .flatMap(diagram -> WAY.matcher(diagram.group(1)).results())
                .map(way -> way.group(1) + " --> " + way.group(2))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(drawn).isEqualTo(ways);
    }

    private static void collect(JsonNode machine, Set<String> ways) {
        ways.add(OUTSIDE + " --> " + machine.path("StartAt").asText());
        for (Map.Entry<String, JsonNode> state : machine.path("States").properties()) {
            targets(state.getValue()).forEach(target -> ways.add(state.getKey() + " --> " + target));
        }
    }

    private static Set<String> targets(JsonNode state) {
        Set<String> targets = new TreeSet<>();
        if (state.path("End").asBoolean()
                || Set.of("Succeed", "Fail").contains(state.path("Type").asText())) {
            targets.add(OUTSIDE);
        }
        for (String field : new String[] {"Next", "Default"}) {
            if (state.has(field)) {
                targets.add(state.path(field).asText());
            }
        }
        for (String list : new String[] {"Choices", "Catch"}) {
            state.path(list).forEach(way -> targets.add(way.path("Next").asText()));
        }
        return targets;
    }
}
