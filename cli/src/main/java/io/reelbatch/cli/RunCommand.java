package io.reelbatch.cli;

import io.reelbatch.cli.local.BatchDirectory;
import io.reelbatch.cli.local.BatchDirectory.Marker;
import io.reelbatch.cli.local.StoreKind;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code reelbatch run}. */
@Command(
        name = "run",
        description = "Runs a batch on this machine, with the real or a simulated provider.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  reelbatch run examples/weekly.yaml --speed 20",
            "  reelbatch run launch.yaml --output-dir launch --yes --json"
        })
final class RunCommand implements Callable<Integer> {
    @Parameters(paramLabel = "CONFIG", description = "YAML or JSON file")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path config;

    @Option(names = "--output-dir", paramLabel = "DIR", description = "instead of the config's output_dir")
    private Optional<Path> outputDir = Optional.empty();

    @Option(names = "--stores", paramLabel = "KIND", description = "local (default) or aws: DynamoDB and S3")
    private StoreKind stores = StoreKind.LOCAL;

    @Option(names = "--seed", paramLabel = "N", description = "what the simulator's randomness starts from (default 1)")
    private long seed = 1;

    @Option(names = "--fresh", description = "put an unfinished batch aside and start anew")
    private boolean fresh;

    @Option(names = "--yes", description = "do not ask before paying")
    private boolean yes;

    @Mixin
    private final RunOptions options = new RunOptions();

    @Override
    public Integer call() throws IOException {
        ConfigFile file = ConfigFile.read(config);
        Provider provider = options.provider();
        Path folder = outputDir.orElseGet(() -> named(file.plan().settings().outputDir()));
        if (EstimateCommand.refusedByBudget(file.plan(), options)) {
            return ExitStatus.BUDGET;
        }
        file.plan().warnings().forEach(warning -> options.say("warning: " + warning));
        try (BatchDirectory directory = BatchDirectory.open(folder)) {
            Optional<Marker> unfinished = makeRoom(directory, file, folder);
            if (unfinished.isEmpty() && !options.confirmed(provider, file.plan(), yes)) {
                return ExitStatus.OK;
            }
            BatchRunner runner = new BatchRunner(directory, folder, provider, options);
            return unfinished.isPresent()
                    ? runner.resume(unfinished.get(), false, new NewLimits())
                    : runner.start(file, stores, seed);
        }
    }

    private static Path named(String outputDir) {
        try {
            return CommandPath.named(outputDir);
        } catch (InvalidPathException e) {
            throw new UsageException("output_dir cannot be the name of a folder: " + e.getReason() + ".");
        }
    }

    /** What is to be resumed, if anything; otherwise the folder is free afterwards. */
    private Optional<Marker> makeRoom(BatchDirectory directory, ConfigFile file, Path folder) throws IOException {
        Optional<Marker> found = directory.marker();
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Marker marker = found.get();
        if (marker.finished() || fresh) {
            Path archive = directory.archive(marker);
            file.inputs().moved(directory.root(), archive);
            options.say("The " + (marker.finished() ? "finished" : "unfinished") + " batch " + marker.batchId()
                    + " was moved to " + folder.resolve(directory.root().relativize(archive)) + ".");
            return Optional.empty();
        }
        if (marker.configSha256().equals(file.sha256())) {
            options.say("Resuming the unfinished batch " + marker.batchId() + " of this config.");
            return found;
        }
        throw new UsageException(folder + " holds an unfinished batch of another config (" + marker.configName()
                + "). Finish it with `reelbatch resume " + CommandPath.word(folder)
                + "`, put it aside with --fresh, or choose another"
                + " --output-dir.");
    }
}
