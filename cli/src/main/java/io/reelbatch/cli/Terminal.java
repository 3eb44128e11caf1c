package io.reelbatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.domain.planning.Plan;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.Locale;
import java.util.Objects;
import java.util.Scanner;
import picocli.CommandLine.Option;

/** A command's output: the answer goes to stdout, everything else to stderr. */
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

    /** Says a line; what the live line had there goes. */
    void say(String line) {
        err().println(live() ? line + LiveLine.ERASE : line);
    }

    /** The one JSON object on stdout, if it was asked for. */
    @SuppressWarnings("SystemOut") // the answer goes to stdout
    void answer(JsonNode what, int exitStatus) {
        if (json) {
            ObjectNode answer = what.deepCopy();
            System.out.println(answer.put("exit_status", exitStatus));
        }
    }

    /** Whether stderr is a terminal that can redraw a line. */
    boolean live() {
        return attended() && !"dumb".equals(System.getenv("TERM"));
    }

    /** Whether somebody looks at stderr: the launcher knows whether it is a terminal. */
    private static boolean attended() {
        String ci = Objects.requireNonNullElse(System.getenv("CI"), "");
        return Boolean.getBoolean("reelbatch.terminal") && (ci.isEmpty() || ci.equals("false"));
    }

    /** In how many columns a table fits; where nobody looks, any. */
    int columns() {
        return live() ? new TerminalWidth().getAsInt() : Integer.MAX_VALUE;
    }

    /** Shows the estimate and asks once, if somebody is there to answer. */
    boolean confirmed(Plan plan, String where) {
        if (!attended() || !Boolean.getBoolean("reelbatch.interactive")) {
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
