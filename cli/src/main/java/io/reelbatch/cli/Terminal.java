package io.reelbatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.domain.planning.Plan;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.Locale;
import java.util.Scanner;
import picocli.CommandLine.Option;

/** How a command talks: everything that is not the answer goes to stderr. */
class Terminal {
    @Option(names = "--json", description = "print one JSON object last on stdout")
    private boolean json;

    boolean json() {
        return json;
    }

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

    /** Shows the estimate and asks once, if somebody is there to answer. */
    boolean confirmed(Plan plan, String where) {
        if (!live() || !Boolean.getBoolean("reelbatch.interactive")) {
            return true;
        }
        err().printf(
                        Locale.ROOT,
                        "%d jobs, about %s with %s. Go on? [y/N] ",
                        plan.jobs().size(),
                        Money.usd(plan.estimate().total()),
                        where);
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
