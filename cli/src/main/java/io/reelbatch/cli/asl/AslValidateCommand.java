package io.reelbatch.cli.asl;

import io.reelbatch.engine.Problem;
import io.reelbatch.engine.StateMachine;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code reelbatch asl validate}: lists every problem of a definition with its JSON path. */
@Command(
        name = "validate",
        description = "List every problem of a definition with its JSON path.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:the definition is valid", "2:it is not, or cannot be read"},
        footerHeading = "%nExample:%n",
        footer = "  reelbatch asl validate statemachine/batch.asl.json")
final class AslValidateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The definition.")
    private Path file;

    @SuppressWarnings("NullAway.Init") // picocli fills the fields in
    AslValidateCommand() {}

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        List<Problem> problems = StateMachine.validate(read(file));
        problems.forEach(out::println);
        if (problems.isEmpty()) {
            out.println(file + ": valid");
        }
        out.flush();
        return problems.isEmpty() ? AslRunCommand.OK : AslRunCommand.BAD_INPUT;
    }

    /** The text of a file; an error that says which file and why otherwise. */
    static String read(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new IOException(file + ": there is no such file", e);
        } catch (MalformedInputException e) {
            throw new IOException(file + ": is not UTF-8", e);
        }
    }
}
