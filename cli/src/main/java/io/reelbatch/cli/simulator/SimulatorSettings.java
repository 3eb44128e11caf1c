package io.reelbatch.cli.simulator;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * How the simulated provider behaves. Immutable; begin with {@link #defaults()} and change what matters.
 *
 * @param seed decides generation times, looks and faults: the same seed gives the same job the same fate
 * @param clock the simulator's time, which may run faster than the world's. Nothing sleeps for it
 * @param port on the loopback address; 0 picks a free one
 * @param shape the family of answers
 * @param outputs how answers carry outputs
 * @param quirks oddities of the answers
 * @param key the key that requests must carry; empty accepts any, and none
 * @param models generation times and prices
 * @param limits what the account may do
 * @param faults what goes wrong
 * @param invisible how long {@link Fault#POLL_404} hides a job after its acceptance
 * @param publicUrl scheme, host and port to use in answers' URLs instead of the simulator's own
 * @param state file that keeps accepted predictions and their charges over restarts; empty keeps them in memory only
 * @param courier brings callbacks; empty sends them over the network when the clock says so
 */
public record SimulatorSettings(
        long seed,
        Clock clock,
        int port,
        ApiShape shape,
        OutputShape outputs,
        Set<Quirk> quirks,
        Optional<String> key,
        ModelTable models,
        Limits limits,
        FaultPlan faults,
        Duration invisible,
        Optional<URI> publicUrl,
        Optional<Path> state,
        Optional<Courier> courier) {

    /** Copies the quirks. */
    public SimulatorSettings {
        quirks = Set.copyOf(quirks);
    }

    /** Seed 0, the system's clock, a free port, the provider's own shapes, the tutorial's times and prices, no limits, no faults. */
    public static SimulatorSettings defaults() {
        return new Draft().settings();
    }

    /** With another seed. */
    public SimulatorSettings withSeed(long value) {
        return with(draft -> draft.seed = value);
    }

    /** With another clock. */
    public SimulatorSettings withClock(Clock value) {
        return with(draft -> draft.clock = value);
    }

    /** With another port. */
    public SimulatorSettings withPort(int value) {
        return with(draft -> draft.port = value);
    }

    /** With the other family of answers. */
    public SimulatorSettings withShape(ApiShape value) {
        return with(draft -> draft.shape = value);
    }

    /** With another way to carry outputs. */
    public SimulatorSettings withOutputs(OutputShape value) {
        return with(draft -> draft.outputs = value);
    }

    /** With these oddities, and no others. */
    public SimulatorSettings withQuirks(Quirk... value) {
        return withQuirks(Set.of(value));
    }

    /** With these oddities, and no others. */
    public SimulatorSettings withQuirks(Set<Quirk> value) {
        return with(draft -> draft.quirks = value);
    }

    /** Refuses every key but this. */
    public SimulatorSettings withKey(String value) {
        return with(draft -> draft.key = Optional.of(value));
    }

    /** With other times and prices. */
    public SimulatorSettings withModels(ModelTable value) {
        return with(draft -> draft.models = value);
    }

    /** With other limits. */
    public SimulatorSettings withLimits(Limits value) {
        return with(draft -> draft.limits = value);
    }

    /** With other things going wrong. */
    public SimulatorSettings withFaults(FaultPlan value) {
        return with(draft -> draft.faults = value);
    }

    /** With another address in the URLs given out. */
    public SimulatorSettings withPublicUrl(URI value) {
        return with(draft -> draft.publicUrl = Optional.of(value));
    }

    /** Keeps its state in a file. */
    public SimulatorSettings withState(Path value) {
        return with(draft -> draft.state = Optional.of(value));
    }

    /** With somebody else who brings its callbacks. */
    public SimulatorSettings withCourier(Courier value) {
        return with(draft -> draft.courier = Optional.of(value));
    }

    private SimulatorSettings with(Consumer<Draft> change) {
        Draft draft = new Draft();
        draft.seed = seed;
        draft.clock = clock;
        draft.port = port;
        draft.shape = shape;
        draft.outputs = outputs;
        draft.quirks = quirks;
        draft.key = key;
        draft.models = models;
        draft.limits = limits;
        draft.faults = faults;
        draft.invisible = invisible;
        draft.publicUrl = publicUrl;
        draft.state = state;
        draft.courier = courier;
        change.accept(draft);
        return draft.settings();
    }

    /** The same fields, to be changed. */
    private static final class Draft {
        private long seed;
        private Clock clock = Clock.systemUTC();
        private int port;
        private ApiShape shape = ApiShape.ATLAS;
        private OutputShape outputs = OutputShape.ARRAY;
        private Set<Quirk> quirks = Set.of();
        private Optional<String> key = Optional.empty();
        private ModelTable models = ModelTable.tutorial();
        private Limits limits = Limits.none();
        private FaultPlan faults = FaultPlan.none();
        private Duration invisible = Duration.ofSeconds(10);
        private Optional<URI> publicUrl = Optional.empty();
        private Optional<Path> state = Optional.empty();
        private Optional<Courier> courier = Optional.empty();

        private SimulatorSettings settings() {
            return new SimulatorSettings(
                    seed, clock, port, shape, outputs, quirks, key, models, limits, faults, invisible, publicUrl, state,
                    courier);
        }
    }
}
