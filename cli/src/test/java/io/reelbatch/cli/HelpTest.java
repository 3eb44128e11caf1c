package io.reelbatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class HelpTest {
    static Stream<CommandLine> commands() {
        return all(ReelbatchCommand.commandLine())
                .filter(command -> !command.getCommandName().equals("help"));
    }

    private static Stream<CommandLine> all(CommandLine command) {
        return Stream.concat(
                Stream.of(command), command.getSubcommands().values().stream().flatMap(HelpTest::all));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandExplainsItselfWithAnExample(CommandLine command) {
        assertThat(command.getCommandSpec().findOption("--help")).isNotNull().matches(OptionSpec::usageHelp);
        assertThat(command.getUsageMessage())
                .as(command.getCommandName())
                .containsPattern("(?m)^Examples?:$")
                .containsPattern("(?m)^  .*reelbatch " + (command.getParent() == null ? "" : "\\S*"));
    }
}
