package io.reelbatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.domain.planning.Plan;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Scanner;
import picocli.CommandLine.Option;

/** What every command that runs jobs on this machine takes. */
final class RunOptions {
    @Option(
            names = "--speed",
            paramLabel = "N",
            description = "run waits, deadlines and the simulator N times faster; not with a real provider")
    private double speed = 1;

    @Option(names = "--json", description = "print one JSON object last on stdout")
    private boolean json;

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

    /** Everything that is not the answer goes to stderr. */
    @SuppressWarnings("SystemOut")
    PrintStream err() {
        return System.err;
    }

    void say(String line) {
        err().println(line);
    }

    /** The one JSON object on stdout, if it was asked for. */
    @SuppressWarnings("SystemOut") // the answer goes to stdout
    void answer(JsonNode what, int exitStatus) {
        if (json) {
            ObjectNode answer = what.deepCopy();
            System.out.println(answer.put("exit_status", exitStatus));
        }
    }

    /** Whether stderr is a terminal that can redraw a line: the launcher knows. */
    boolean live() {
        return Boolean.getBoolean("reelbatch.terminal") && System.getenv("CI") == null;
    }

    /** Shows the estimate and asks once, if money is at stake and somebody is there to answer. */
    boolean confirmed(Provider provider, Plan plan, boolean yes) {
        if (provider.isLocal() || yes || !live() || !Boolean.getBoolean("reelbatch.interactive")) {
            return true;
        }
        err().printf(
                        Locale.ROOT,
                        "%d jobs, about %s with %s. Go on? [y/N] ",
                        plan.jobs().size(),
                        Money.usd(plan.estimate().total()),
                        provider.baseUrl().getHost());
        err().flush();
        Scanner input = new Scanner(System.in, Charset.defaultCharset());
        boolean agreed = input.hasNextLine()
                && input.nextLine().strip().toLowerCase(Locale.ROOT).startsWith("y");
        if (!agreed) {
            say("Nothing was submitted.");
        }
        return agreed;
    }
}
