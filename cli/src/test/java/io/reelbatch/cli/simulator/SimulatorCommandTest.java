package io.reelbatch.cli.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** What the options of {@code reelbatch simulator} mean. */
class SimulatorCommandTest {
    @Test
    void optionsBecomeSettings() {
        SimulatorSettings settings = parse(
                "--port",
                "8080",
                "--seed",
                "7",
                "--shape",
                "tutorial",
                "--outputs",
                "output-named",
                "--quirks",
                "code-as-string,unwrapped",
                "--faults",
                "submit-500=1",
                "--concurrent",
                "3",
                "--rate",
                "10",
                "--burst",
                "4",
                "--balance",
                "2.50",
                "--key",
                "sk");

        assertThat(settings.port()).isEqualTo(8080);
        assertThat(settings.seed()).isEqualTo(7);
        assertThat(settings.shape()).isEqualTo(ApiShape.TUTORIAL);
        assertThat(settings.outputs()).isEqualTo(OutputShape.OUTPUT_NAMED);
        assertThat(settings.quirks()).containsExactlyInAnyOrder(Quirk.CODE_AS_STRING, Quirk.UNWRAPPED);
        assertThat(settings.limits().concurrent()).hasValue(3);
        assertThat(settings.limits().burst()).isEqualTo(4);
        assertThat(settings.limits().balance().orElseThrow()).isEqualByComparingTo("2.50");
        assertThat(settings.key()).hasValue("sk");
        assertThat(settings.state()).isEmpty();
        assertThat(settings.faults().at(new Occasion(Fault.Stage.SUBMIT, "m", "p", 0, 0), 0.99))
                .isEqualTo(Optional.of(Fault.SUBMIT_500));
    }

    @Test
    void theClockRunsAsFastAsAsked() {
        SimulatorSettings settings = parse("--speed", "1000000");
        var start = settings.clock().instant();
        long nanos = System.nanoTime();
        while (System.nanoTime() - nanos < 1_000_000) {
            Thread.onSpinWait();
        }

        assertThat(Duration.between(start, settings.clock().instant())).isGreaterThan(Duration.ofSeconds(1000));
    }

    @Test
    void anUnknownFaultIsRefusedWithTheListOfAll() {
        assertThatExceptionOfType(ParameterException.class)
                .isThrownBy(() -> parse("--faults", "submit-501=0.1"))
                .withMessageContaining("submit-501")
                .withMessageContaining("submit-500, submit-503");
    }

    @Test
    void chancesAboveOneAreRefused() {
        assertThatExceptionOfType(ParameterException.class)
                .isThrownBy(() -> parse("--faults", "lost=0.7,submit-500=0.7"))
                .withMessageContaining("at most 1");
    }

    private static SimulatorSettings parse(String... options) {
        SimulatorCommand command = new SimulatorCommand();
        new CommandLine(command).parseArgs(options);
        return command.settings();
    }
}
