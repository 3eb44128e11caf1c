package io.reelbatch.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Progress as one line that fits the terminal. A narrow terminal gets fewer words; failures and money are the last to
 * be dropped.
 *
 * @param ended how many of {@code all} are done with
 * @param work what is in progress, such as "3 generating"
 * @param done what came of the others, such as "7 stored"
 * @param vital failures and money, dropped last
 * @param elapsed since it began
 */
record ProgressLine(
        int ended, int all, List<String> work, List<String> done, List<String> vital, Optional<Duration> elapsed) {
    private static final int BAR = 12;

    /** A line that only counts {@code things}. */
    static ProgressLine of(int ended, int all, String things) {
        return new ProgressLine(ended, all, List.of(), List.of(things), List.of(), Optional.empty());
    }

    /** At most {@code columns} wide. */
    String in(int columns) {
        List<String> everything = new ArrayList<>(work);
        everything.addAll(done);
        everything.addAll(vital);
        List<String> most = new ArrayList<>(work);
        most.addAll(vital);
        String full = words(everything);
        String timed = full + elapsed.map(time -> "  " + time(time)).orElse("");
        return Stream.of(bar() + timed, bar() + full, full, words(most), words(vital))
                .filter(line -> line.length() <= columns)
                .findFirst()
                .orElse(words(List.of()));
    }

    private String words(List<String> parts) {
        String total = Integer.toString(all);
        String count = " ".repeat(total.length() - Integer.toString(ended).length()) + ended + "/" + total;
        return parts.isEmpty() ? count : count + "  " + String.join(", ", parts);
    }

    private String bar() {
        int filled = all == 0 ? BAR : (int) ((long) BAR * ended / all);
        String head = filled > 0 && filled < BAR ? "=".repeat(filled - 1) + ">" : "=".repeat(filled);
        return "[" + head + " ".repeat(BAR - filled) + "] ";
    }

    private static String time(Duration elapsed) {
        return elapsed.toHours() > 0
                ? String.format(
                        Locale.ROOT,
                        "%d:%02d:%02d",
                        elapsed.toHours(),
                        elapsed.toMinutesPart(),
                        elapsed.toSecondsPart())
                : String.format(Locale.ROOT, "%d:%02d", elapsed.toMinutes(), elapsed.toSecondsPart());
    }
}
