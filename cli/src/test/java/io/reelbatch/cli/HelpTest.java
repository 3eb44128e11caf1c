package io.reelbatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What {@code --help} says of each command, those inside others included. */
class HelpTest {
    private static CommandLine reelbatch() {
        return new CommandLine(new ReelbatchCommand());
    }

    private static List<CommandLine> all(CommandLine command) {
        List<CommandLine> commands = new ArrayList<>(List.of(command));
        command.getSubcommands().values().forEach(sub -> commands.addAll(all(sub)));
        return commands;
    }

    @Test
    void eachCommandHasExamplesThatCanBeGiven() {
        for (CommandLine command : all(reelbatch())) {
            String name = command.getCommandSpec().qualifiedName();
            if (name.endsWith(" help")) {
                continue;
            }
            List<String> examples = Arrays.stream(
                            command.getCommandSpec().usageMessage().footer())
                    .map(String::strip)
                    .filter(line -> line.startsWith("reelbatch "))
                    .toList();

            assertThat(command.getUsageMessage()).as(name).contains("Example");
            for (String example : examples) {
                String[] words = Stream.of(
                                example.replaceAll("\\s+[<#&|].*|\\s{2,}.*", "").split("\\s+"))
                        .skip(1)
                        .toArray(String[]::new);
                assertThat(reelbatch().parseArgs(words).errors()).as(example).isEmpty();
            }
        }
    }
}
