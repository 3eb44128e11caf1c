package io.reelbatch.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code reelbatch validate}. */
@Command(
        name = "validate",
        description = "Checks a config and says everything that is wrong with it.",
        footerHeading = "%nExample:%n",
        footer = {"  reelbatch validate examples/bad.yaml"})
final class ValidateCommand implements Callable<Integer> {
    @Parameters(paramLabel = "CONFIG", description = "YAML or JSON file")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path config;

    @Override
    @SuppressWarnings("SystemOut") // the answer goes to stdout
    public Integer call() throws IOException {
        ConfigFile file = ConfigFile.read(config);
        file.plan().warnings().forEach(warning -> System.out.println("warning: " + warning));
        int jobs = file.plan().jobs().size();
        System.out.println(file.name() + ": " + (jobs == 1 ? "1 job" : jobs + " jobs") + ", no problems");
        return ExitStatus.OK;
    }
}
