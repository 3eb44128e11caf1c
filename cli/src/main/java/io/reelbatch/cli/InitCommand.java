package io.reelbatch.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code reelbatch init}. */
@Command(
        name = "init",
        description = "Writes a commented config to start from. Never replaces a file.",
        footerHeading = "%nExample:%n",
        footer = {"  reelbatch init launch.yaml", "  reelbatch run launch.yaml"})
final class InitCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", arity = "0..1", defaultValue = "batch.yaml", description = "default: batch.yaml")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path file;

    @Override
    @SuppressWarnings("SystemOut") // the answer goes to stdout
    public Integer call() throws IOException {
        try (InputStream starter = InitCommand.class.getResourceAsStream("starter.yaml")) {
            if (starter == null) {
                throw new IllegalStateException("starter.yaml is missing from the application");
            }
            Files.copy(starter, file);
        } catch (FileAlreadyExistsException e) {
            throw new UsageException(file + " is there already, and was left as it is. Name another file.");
        } catch (NoSuchFileException e) {
            throw new UsageException(
                    "There is no folder " + file.toAbsolutePath().getParent() + ".");
        }
        System.out.println(file + " is written. Next:");
        System.out.println("  reelbatch estimate " + file + "   what it should cost");
        System.out.println("  reelbatch run " + file + "        without a key the provider is simulated");
        return ExitStatus.OK;
    }
}
