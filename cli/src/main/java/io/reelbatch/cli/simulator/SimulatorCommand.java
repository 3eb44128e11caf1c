package io.reelbatch.cli.simulator;

import io.reelbatch.cli.local.ScaledClock;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs the simulated provider by itself: its base URL on the first line of the output, then requests until it is ended. */
@Command(
        name = "simulator",
        description = "Runs the simulated provider until it is ended. Prints the URL to set as ATLASCLOUD_BASE_URL.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  reelbatch simulator --port 9001 --speed 20",
            "  reelbatch simulator --port 9001 --faults lost=0.1,failed=0.1,download-cut=0.1",
            "  ATLASCLOUD_BASE_URL=http://127.0.0.1:9001/api/v1 reelbatch run launch.yaml"
        })
public final class SimulatorCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--port", paramLabel = "N", description = "Port on 127.0.0.1; 0 (default) picks a free one.")
    private int port;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Decides generation times, pictures and faults; default 0.")
    private long seed;

    @Option(names = "--speed", paramLabel = "N", description = "Runs the clock N times faster; default 1.")
    private double speed = 1;

    @Option(names = "--state", paramLabel = "FILE", description = "Keeps accepted jobs and charges in FILE.")
    private @Nullable Path state;

    @Option(names = "--key", paramLabel = "KEY", description = "Refuses every other key; default: any key, or none.")
    private @Nullable String key;

    @Option(names = "--shape", paramLabel = "SHAPE", description = "Family of answers: atlas (default) or tutorial.")
    private String shape = "atlas";

    @Option(
            names = "--outputs",
            paramLabel = "SHAPE",
            description = "How answers carry outputs: array (default), string,"
                    + " objects, data-uri, output-string, output-array, output-named, files.")
    private String outputs = "array";

    @Option(
            names = "--quirks",
            paramLabel = "QUIRK",
            split = ",",
            description = "Oddities: code-as-string,"
                    + " failed-with-code-500, synchronous, no-get-url, foreign-get-url, unwrapped, settled-price,"
                    + " edge-blocks-default-agents.")
    private List<String> quirks = List.of();

    @Option(
            names = "--faults",
            paramLabel = "FAULT=P",
            split = ",",
            description = "Faults and their probabilities, as in"
                    + " submit-500=0.1,lost=0.1,failed=0.05,download-cut=0.1. A wrong name lists them all.")
    private Map<String, Double> faults = new LinkedHashMap<>();

    @Option(names = "--concurrent", paramLabel = "N", description = "Answers 429 beyond N generations at once.")
    private @Nullable Integer concurrent;

    @Option(names = "--rate", paramLabel = "N", description = "Answers 429 beyond N submits a second.")
    private @Nullable Double rate;

    @Option(
            names = "--burst",
            paramLabel = "N",
            description = "Submits that may come at once within --rate; default 1.")
    private int burst = 1;

    @Option(names = "--balance", paramLabel = "USD", description = "Answers 402 when this is spent.")
    private @Nullable BigDecimal balance;

    /** Serves until the process ends. */
    @Override
    public Integer call() throws IOException, InterruptedException {
        try (Simulator simulator = Simulator.start(settings())) {
            PrintWriter out = spec().commandLine().getOut();
            out.println(simulator.baseUrl());
            out.flush();
            new CountDownLatch(1).await();
        }
        return 0;
    }

    /**
     * The settings that the options describe.
     *
     * @throws ParameterException when an option's value is unknown
     */
    SimulatorSettings settings() {
        if (port < 0 || port > 65_535) {
            throw new ParameterException(spec().commandLine(), "--port is " + port + ": it must be from 0 to 65535");
        }
        SimulatorSettings settings = SimulatorSettings.defaults()
                .withPort(port)
                .withSeed(seed)
                .withClock(new ScaledClock(speed, Instant.now()))
                .withShape(choice("--shape", ApiShape.class, shape))
                .withOutputs(choice("--outputs", OutputShape.class, outputs))
                .withQuirks(quirks())
                .withFaults(faults())
                .withLimits(limits());
        settings = state == null ? settings : settings.withState(state);
        return key == null ? settings : settings.withKey(key);
    }

    private Limits limits() {
        Limits limits = Limits.none();
        limits = concurrent == null ? limits : limits.withConcurrent(concurrent);
        limits = rate == null ? limits : limits.withRate(rate, burst);
        return balance == null ? limits : limits.withBalance(balance);
    }

    private Set<Quirk> quirks() {
        Set<Quirk> chosen = new LinkedHashSet<>();
        quirks.forEach(quirk -> chosen.add(choice("--quirks", Quirk.class, quirk)));
        return chosen;
    }

    private FaultPlan faults() {
        Map<Fault, Double> chances = new EnumMap<>(Fault.class);
        faults.forEach((fault, chance) -> chances.put(choice("--faults", Fault.class, fault), chance));
        try {
            return FaultPlan.chances(chances);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec().commandLine(), "--faults: " + e.getMessage(), e);
        }
    }

    private <E extends Enum<E>> E choice(String option, Class<E> type, String text) {
        Map<String, E> known = new LinkedHashMap<>();
        for (E value : List.of(type.getEnumConstants())) {
            known.put(value.name().toLowerCase(Locale.ROOT).replace('_', '-'), value);
        }
        E found = known.get(text.strip().toLowerCase(Locale.ROOT));
        if (found == null) {
            throw new ParameterException(
                    spec().commandLine(),
                    option + ": \"" + text + "\" is not one of " + String.join(", ", known.keySet()));
        }
        return found;
    }

    private CommandSpec spec() {
        if (spec == null) {
            throw new IllegalStateException("The simulator command runs within a command line");
        }
        return spec;
    }
}
