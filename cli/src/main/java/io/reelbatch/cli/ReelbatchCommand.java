package io.reelbatch.cli;

import io.reelbatch.adapters.logging.JsonLogging;
import io.reelbatch.cli.asl.AslCommand;
import io.reelbatch.cli.local.BatchDirectory.FolderInUse;
import io.reelbatch.cli.simulator.SimulatorCommand;
import io.reelbatch.cli.stack.StackException;
import io.reelbatch.domain.config.InvalidConfigException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Spec;

/** The command {@code reelbatch}. */
@Command(
        name = "reelbatch",
        description =
                "Makes batches of images and videos with a generation API, and never pays twice without saying so.",
        mixinStandardHelpOptions = true,
        versionProvider = ReelbatchCommand.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RunCommand.class,
            ValidateCommand.class,
            EstimateCommand.class,
            ResumeCommand.class,
            RetryCommand.class,
            StartCommand.class,
            WatchCommand.class,
            StatusCommand.class,
            PullCommand.class,
            StopCommand.class,
            OpenCommand.class,
            VerifyCommand.class,
            InitCommand.class,
            ModelsCommand.class,
            SimulatorCommand.class,
            AslCommand.class,
            CompletionCommand.class,
            CommandLine.HelpCommand.class
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:all jobs succeeded",
            "1:internal error",
            "2:bad usage or config; nothing was submitted",
            "3:finished with failed jobs",
            "4:refused by the budget",
            "5:the provider refused the account",
            "130:interrupted; `resume` goes on, or `watch` if it is deployed"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  reelbatch init launch.yaml        a commented config to start from",
            "  reelbatch estimate launch.yaml    what it should cost",
            "  reelbatch run launch.yaml         make it; without a key, simulated",
            "  reelbatch retry my_batch          run again what failed, and only that",
            "  reelbatch open my_batch           look at it in the browser"
        })
public final class ReelbatchCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    /** Runs the command and ends the process with its exit status. */
    public static void main(String[] args) {
        System.setProperty(JsonLogging.PROPERTY, "off");
        System.exit(execute(args));
    }

    static int execute(String... args) {
        return commandLine()
                .setExecutionExceptionHandler((exception, command, parsed) -> report(exception))
                .execute(args);
    }

    /** The command as it is parsed. */
    static CommandLine commandLine() {
        CommandLine all = new CommandLine(new ReelbatchCommand()).setCaseInsensitiveEnumValuesAllowed(true);
        all.getSubcommands().values().forEach(ReelbatchCommand::addHelp);
        return all;
    }

    private static void addHelp(CommandLine subcommand) {
        CommandSpec spec = subcommand.getCommandSpec();
        if (spec.findOption("--help") == null) {
            spec.addOption(OptionSpec.builder("-h", "--help")
                    .usageHelp(true)
                    .description("show this help and exit")
                    .build());
        }
    }

    @SuppressWarnings("SystemOut") // a command's errors go to stderr
    private static int report(Exception exception) {
        if (exception instanceof UsageException || exception instanceof FolderInUse) {
            System.err.println("reelbatch: " + exception.getMessage());
            return ExitStatus.USAGE;
        }
        if (exception instanceof StackException failure) {
            System.err.println("reelbatch: " + failure.getMessage());
            return failure.isUsage() ? ExitStatus.USAGE : ExitStatus.INTERNAL;
        }
        if (exception instanceof InvalidConfigException invalid) {
            System.err.println(invalid.getMessage());
            int count = invalid.problems().size();
            System.err.println("reelbatch: " + count + (count == 1 ? " problem" : " problems")
                    + " in the config; nothing was submitted.");
            return ExitStatus.USAGE;
        }
        System.err.println("reelbatch: internal error: " + exception);
        exception.printStackTrace();
        return ExitStatus.INTERNAL;
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Missing command.");
    }

    /** The version in the jar's manifest. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = ReelbatchCommand.class.getPackage().getImplementationVersion();
            return new String[] {"reelbatch " + (version == null ? "(unpackaged)" : version)};
        }
    }
}
