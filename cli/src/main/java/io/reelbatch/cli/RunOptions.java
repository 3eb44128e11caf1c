package io.reelbatch.cli;

import io.reelbatch.domain.planning.Plan;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** What every command that runs jobs on this machine takes. */
final class RunOptions extends Terminal {
    @Option(
            names = "--speed",
            paramLabel = "N",
            description = "run waits, deadlines and the simulator N times faster; not with a real provider")
    private double speed = 1;

    double speed() {
        return speed;
    }

    /** The provider that the environment names, fit for this speed. */
    Provider provider() {
        if (!(speed > 0 && speed <= 10_000)) {
            throw new UsageException("--speed is " + speed + ": it must be between 0 and 10000.");
        }
        Provider provider = Provider.choose(System.getenv(), Path.of(""));
        if (speed != 1 && !provider.isLocal()) {
            throw new UsageException("--speed works only with the simulator or a provider on loopback: "
                    + provider.baseUrl() + " takes the time it takes.");
        }
        return provider;
    }

    /** Shows the estimate and asks once, if money is at stake and somebody is there to answer. */
    boolean confirmed(Provider provider, Plan plan, boolean yes) {
        return provider.isLocal() || yes || confirmed(plan, provider.baseUrl().getHost());
    }
}
