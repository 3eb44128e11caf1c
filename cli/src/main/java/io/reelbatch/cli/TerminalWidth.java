package io.reelbatch.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.IntSupplier;

/** How wide the terminal of this process is, as {@code stty} says; asked at most once a second. */
final class TerminalWidth implements IntSupplier {
    private static final int USUAL = 80;
    private static final int NARROWEST = 20;
    private static final Duration KEPT = Duration.ofSeconds(1);

    private int columns;
    private long askedAt;

    /** In columns; 80 where nobody can tell. */
    @Override
    public synchronized int getAsInt() {
        if (columns == 0 || System.nanoTime() - askedAt > KEPT.toNanos()) {
            columns = Math.max(NARROWEST, ask());
            askedAt = System.nanoTime();
        }
        return columns;
    }

    private static int ask() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String[] size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                    .strip()
                    .split(" ", -1);
            // A terminal that was never told its size has 0 columns.
            int found = size.length == 2 ? Integer.parseInt(size[1]) : 0;
            return found > 0 ? found : USUAL;
        } catch (IOException | NumberFormatException e) {
            return USUAL;
        }
    }
}
