package io.reelbatch.cli;

import io.reelbatch.adapters.provider.Downloader;
import io.reelbatch.adapters.provider.ProviderClient;
import io.reelbatch.adapters.provider.ProviderSettings;
import io.reelbatch.cli.local.BatchDirectory;
import io.reelbatch.cli.local.BatchDirectory.Marker;
import io.reelbatch.cli.local.ScaledClock;
import io.reelbatch.cli.simulator.Simulator;
import io.reelbatch.cli.simulator.SimulatorSettings;
import io.reelbatch.domain.job.BatchSettings.ProviderApi;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The provider while a batch runs: its clients and, if it is simulated, the simulator itself. */
final class Generator implements AutoCloseable {
    /** The simulator's port is another one in each run. */
    private static final URI SIMULATED = URI.create("simulator:local");

    private final Provider provider;
    private final Optional<Simulator> simulator;
    private final Map<ProviderApi, ProviderClient> clients = new EnumMap<>(ProviderApi.class);
    private final Downloader downloader;
    private Optional<BalanceCheck> balance = Optional.empty();

    private Generator(Provider provider, Optional<Simulator> simulator) {
        this.provider = provider;
        this.simulator = simulator;
        this.downloader = new Downloader(Downloader.Settings.of(provider.isLocal()));
    }

    /** Says who generates, and starts the simulator if that is who. */
    static Generator start(
            Provider provider, Marker marker, ScaledClock clock, BatchDirectory directory, RunOptions options)
            throws IOException {
        if (!provider.simulated()) {
            options.say("Provider: " + provider.baseUrl());
            return new Generator(provider, Optional.empty());
        }
        options.say("Provider: simulated, nothing is paid. For the real one set ATLASCLOUD_API_KEY.");
        Simulator simulator = Simulator.start(SimulatorSettings.defaults()
                .withSeed(marker.simulatorSeed().orElseThrow())
                .withClock(clock)
                .withState(directory.state("simulator.jsonl")));
        return new Generator(provider.at(simulator.baseUrl()), Optional.of(simulator));
    }

    /** The client for one shape of the API; the simulator speaks only the provider's own. */
    synchronized ProviderClient client(ProviderApi api) {
        ProviderApi spoken = simulator.isPresent() ? ProviderApi.ATLAS : api;
        return clients.computeIfAbsent(spoken, shape -> new ProviderClient(settings(shape)));
    }

    private ProviderSettings settings(ProviderApi shape) {
        ProviderSettings settings = ProviderSettings.of(provider.baseUrl(), provider::key, shape);
        return simulator.isPresent() ? settings.withRealm(SIMULATED) : settings;
    }

    /** Compares beside the run what the account has left with {@code toRun}, USD; the simulator's account is never compared. */
    void checkBalance(BigDecimal toRun, Consumer<String> say) {
        if (simulator.isEmpty()) {
            balance = Optional.of(BalanceCheck.start(client(ProviderApi.ATLAS), toRun, say));
        }
    }

    /** Whether the provider is asked for its prices: the simulator has none but the table's. */
    boolean quoting() {
        return simulator.isEmpty();
    }

    Downloader downloader() {
        return downloader;
    }

    @Override
    public void close() throws IOException {
        balance.ifPresent(BalanceCheck::close);
        clients.values().forEach(ProviderClient::close);
        downloader.close();
        if (simulator.isPresent()) {
            simulator.get().close();
        }
    }
}
