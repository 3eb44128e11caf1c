package io.reelbatch.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code reelbatch open}. */
@Command(
        name = "open",
        description = "Shows a batch's report page in the browser; without a desktop, prints where it is.",
        footerHeading = "%nExample:%n",
        footer = "  reelbatch open weekly_content")
final class OpenCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "the batch's output folder")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path folder;

    @Override
    @SuppressWarnings("SystemOut") // the answer goes to stdout
    public Integer call() {
        return open(folder, viewer(System.getenv(), System.getProperty("os.name", "")), System.out);
    }

    static int open(Path folder, Optional<List<String>> viewer, PrintStream out) {
        Path page = folder.resolve("report.html").toAbsolutePath().normalize();
        if (!Files.isRegularFile(page)) {
            throw new UsageException("There is no " + page + ". A batch that has ended has one; `reelbatch resume "
                    + CommandPath.word(folder) + "` finishes an interrupted one.");
        }
        out.println(page);
        viewer.ifPresent(command -> show(command, page));
        return ExitStatus.OK;
    }

    /** The path is printed already: a viewer that does not start is no error. */
    private static void show(List<String> command, Path page) {
        try {
            List<String> whole = new ArrayList<>(command);
            whole.add(page.toString());
            new ProcessBuilder(whole)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException noViewer) {
            return;
        }
    }

    /** What opens a file with the desktop's own choice, if there is a desktop. */
    static Optional<List<String>> viewer(Map<String, String> environment, String system) {
        String name = system.toLowerCase(Locale.ROOT);
        if (name.startsWith("mac")) {
            return Optional.of(List.of("open"));
        }
        if (name.startsWith("windows")) {
            return Optional.of(List.of("rundll32", "url.dll,FileProtocolHandler"));
        }
        boolean desktop = environment.containsKey("DISPLAY") || environment.containsKey("WAYLAND_DISPLAY");
        return desktop ? Optional.of(List.of("xdg-open")) : Optional.empty();
    }
}
