package io.reelbatch.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code reelbatch resume}. */
@Command(
        name = "resume",
        description = "Finishes an interrupted batch; what was paid for is not paid again.",
        footerHeading = "%nExample:%n",
        footer = {"  reelbatch resume weekly_content"})
final class ResumeCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "the batch's output folder")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path folder;

    @Mixin
    private final NewLimits limits = new NewLimits();

    @Mixin
    private final RunOptions options = new RunOptions();

    @Override
    public Integer call() throws IOException {
        return BatchRunner.takeUp(folder, options, false, limits);
    }
}
