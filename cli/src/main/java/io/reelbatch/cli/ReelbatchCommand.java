package io.reelbatch.cli;

import io.reelbatch.adapters.logging.JsonLogging;
import io.reelbatch.cli.asl.AslCommand;
import io.reelbatch.cli.local.BatchDirectory.FolderInUse;
import io.reelbatch.cli.local.BatchDirectory.FolderUnusable;
import io.reelbatch.cli.local.FileProblem;
import io.reelbatch.cli.simulator.SimulatorCommand;
import io.reelbatch.cli.stack.StackException;
import io.reelbatch.domain.config.InvalidConfigException;
import io.reelbatch.errors.StoreException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.FileSystemException;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

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
public final class ReelbatchCommand implements Callable<Integer> {
    /** System property: the stack trace of an internal error is printed. */
    private static final String TRACE = "reelbatch.trace";

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
                .setParameterExceptionHandler((exception, arguments) -> misused(exception))
                .setExecutionExceptionHandler((exception, command, parsed) -> report(exception))
                .execute(args);
    }

    /** The command as it is parsed. */
    static CommandLine commandLine() {
        CommandLine all = new CommandLine(new ReelbatchCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(double.class, text -> number(text, Double::valueOf))
                .registerConverter(Double.class, text -> number(text, Double::valueOf))
                .registerConverter(BigDecimal.class, text -> number(text, BigDecimal::new))
                .registerConverter(int.class, text -> wholeNumber(text, Integer::valueOf))
                .registerConverter(Integer.class, text -> wholeNumber(text, Integer::valueOf))
                .registerConverter(long.class, text -> wholeNumber(text, Long::valueOf));
        all.getSubcommands().values().forEach(ReelbatchCommand::addHelp);
        return all;
    }

    private static <N extends Number> N number(String text, Function<String, N> reader) {
        return read(text, reader, "a number");
    }

    private static <N extends Number> N wholeNumber(String text, Function<String, N> reader) {
        return read(text, reader, "a whole number, or too large");
    }

    /** Picocli's own message would name the Java type. */
    private static <N extends Number> N read(String text, Function<String, N> reader, String kind) {
        try {
            return reader.apply(text);
        } catch (NumberFormatException e) {
            throw new CommandLine.TypeConversionException("'" + text + "' is not " + kind);
        }
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

    /** What is wrong with the arguments, and where the help is: the whole help would push the mistake off the screen. */
    private static int misused(ParameterException exception) {
        CommandLine command = exception.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("reelbatch: " + mistake(exception));
        if (!UnmatchedArgumentException.printSuggestions(exception, err)) {
            err.println("`" + command.getCommandSpec().qualifiedName() + " --help` shows what it takes.");
        }
        return ExitStatus.USAGE;
    }

    /** Picocli counts unmatched arguments as the JVM does. */
    private static String mistake(ParameterException exception) {
        return exception instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()
                ? "does not take " + String.join(" ", unmatched.getUnmatched())
                : Objects.requireNonNullElse(exception.getMessage(), "bad usage");
    }

    @SuppressWarnings("SystemOut") // a command's errors go to stderr
    private static int report(Exception exception) {
        if (exception instanceof UsageException
                || exception instanceof FolderInUse
                || exception instanceof FolderUnusable) {
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
        System.err.println("reelbatch: " + unforeseen(exception));
        if (Boolean.getBoolean(TRACE)) {
            exception.printStackTrace();
        }
        return ExitStatus.INTERNAL;
    }

    private static String unforeseen(Exception exception) {
        if (exception instanceof FileSystemException failed) {
            return FileProblem.of(failed) + ". Check the disk's free space and permissions.";
        }
        if (exception instanceof StoreException && exception.getMessage() != null) {
            return exception.getMessage() + ".";
        }
        return "internal error: " + exception + ". REELBATCH_JAVA_OPTS=-D" + TRACE + "=true shows where.";
    }

    /** Without a command: what there is. */
    @Override
    public Integer call() {
        CommandLine all = spec.commandLine();
        all.usage(all.getErr());
        return ExitStatus.USAGE;
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
