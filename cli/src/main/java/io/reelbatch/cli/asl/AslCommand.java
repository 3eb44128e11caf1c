package io.reelbatch.cli.asl;

import picocli.CommandLine.Command;

/** {@code reelbatch asl}: the engine alone. */
@Command(
        name = "asl",
        description = "Run or check a state machine definition (Amazon States Language, JSONata).",
        mixinStandardHelpOptions = true,
        subcommands = {AslRunCommand.class, AslValidateCommand.class})
public final class AslCommand {}
