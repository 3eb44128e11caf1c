package io.reelbatch.cli;

import io.reelbatch.domain.planning.Plan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What every command that runs jobs on this machine takes. */
final class RunOptions extends Terminal {
    @Option(
            names = "--speed",
            paramLabel = "N",
            description = "run waits, deadlines and the simulator N times faster; not with a real provider")
    private double speed = 1;

    @Option(
            names = "--webhook-url",
            paramLabel = "URL",
            description = "where the provider can call this machine when a job has ended (also REELBATCH_WEBHOOK_URL);"
                    + " http://127.0.0.1:0 for the simulator")
    private Optional<String> webhookUrl = Optional.empty();

    @Option(
            names = "--webhook-port",
            paramLabel = "N",
            description = "port of this machine that a public --webhook-url leads to (default ${DEFAULT-VALUE})")
    private int webhookPort = 8790;

    /** Listens for the provider's callbacks if there is an address for them. */
    Webhook webhook() throws IOException {
        return Webhook.start(webhookUrl(), webhookPort);
    }

    private Optional<String> webhookUrl() {
        return webhookUrl
                .or(() -> Optional.ofNullable(System.getenv("REELBATCH_WEBHOOK_URL")))
                .filter(text -> !text.isBlank());
    }

    double speed() {
        return speed;
    }

    /** The provider that the environment names, fit for this speed, able to call where it is asked to. */
    Provider provider() {
        if (!(speed > 0 && speed <= 10_000)) {
            throw new UsageException("--speed is " + speed + ": it must be between 0 and 10000.");
        }
        Provider provider = Provider.choose(System.getenv(), Path.of(""));
        if (speed != 1 && !provider.isLocal()) {
            throw new UsageException("--speed works only with the simulator or a provider on loopback: "
                    + provider.baseUrl() + " takes the time it takes.");
        }
        Webhook.check(webhookUrl(), provider);
        return provider;
    }

    /** Shows the estimate and asks once, if money is at stake and somebody is there to answer. */
    boolean confirmed(Provider provider, Plan plan, boolean yes) {
        return provider.isLocal() || yes || confirmed(plan, provider.baseUrl().getHost());
    }
}
