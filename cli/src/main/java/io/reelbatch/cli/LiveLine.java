package io.reelbatch.cli;

import java.io.PrintStream;
import java.util.Timer;
import java.util.TimerTask;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;

/**
 * The last line of a terminal, drawn again five times a second. The cursor rests in its first column: when the terminal becomes
 * narrower and breaks the line into rows, they are all below the cursor, where the next drawing erases them.
 */
final class LiveLine implements AutoCloseable {
    /** To the end of the screen; after the text of a line, so that nothing flickers. */
    static final String ERASE = "\u001b[J";

    /** A terminal narrower than was thought cuts the line instead of breaking it. */
    private static final String NO_WRAP = "\u001b[?7l";

    private static final String WRAP = "\u001b[?7h";
    private static final int INTERVAL_MILLIS = 200;

    private final PrintStream out;
    private final IntFunction<String> text;
    private final IntSupplier columns;
    private final Timer ticker;
    private boolean closed;

    /**
     * Draws until it is closed.
     *
     * @param text the line, in at most so many columns
     * @param columns the width of the terminal
     */
    LiveLine(PrintStream out, IntFunction<String> text, IntSupplier columns) {
        this.out = out;
        this.text = text;
        this.columns = columns;
        this.ticker = new Timer("reelbatch-progress", true);
        ticker.schedule(
                new TimerTask() {
                    @Override
                    public void run() {
                        draw();
                    }
                },
                0,
                INTERVAL_MILLIS);
    }

    private synchronized void draw() {
        if (!closed) {
            // A text as wide as the terminal leaves the cursor between two rows.
            out.print(NO_WRAP + text.apply(columns.getAsInt() - 1) + ERASE + WRAP + "\r");
            out.flush();
        }
    }

    /** Draws it a last time and leaves it there. */
    @Override
    public synchronized void close() {
        draw();
        if (!closed) {
            closed = true;
            ticker.cancel();
            out.println();
        }
    }
}
