package io.reelbatch.cli.asl;

import picocli.CommandLine.Command;

/** {@code reelbatch asl}: the engine alone. */
@Command(
        name = "asl",
        description = "Run or check a state machine definition (Amazon States Language, JSONata).",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  reelbatch asl validate statemachine/batch.asl.json",
            "  reelbatch asl run definition.json --input order.json --mocks mocks.json"
        },
        subcommands = {AslRunCommand.class, AslValidateCommand.class})
public final class AslCommand {}
