package io.reelbatch.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Runs the steps of one execution one after the other, on whichever thread brings the next one. A step that brings work
 * for another execution does not run it inside itself: the thread turns to it afterwards, so the stack stays flat however
 * executions start and wake each other.
 */
class Strand {
    /** The strands that this thread still has to turn to; none if it is not running a step. */
    private static final ThreadLocal<@Nullable Deque<Strand>> TURN = new ThreadLocal<>();

    private final Deque<Runnable> steps = new ArrayDeque<>();
    private boolean busy;

    final void run(Runnable step) {
        synchronized (steps) {
            steps.add(step);
            if (busy) {
                return;
            }
            busy = true;
        }
        Deque<Strand> strands = TURN.get();
        if (strands != null) {
            strands.add(this);
            return;
        }
        strands = new ArrayDeque<>();
        strands.add(this);
        TURN.set(strands);
        try {
            for (Strand next = strands.poll(); next != null; next = strands.poll()) {
                next.drain();
            }
        } finally {
            TURN.remove();
        }
    }

    private void drain() {
        for (Runnable step = next(); step != null; step = next()) {
            try {
                step.run();
            } catch (RuntimeException | Error e) {
                // A listener of the caller's failed: its own affair, and no reason for this execution to stand still.
                Thread current = Thread.currentThread();
                current.getUncaughtExceptionHandler().uncaughtException(current, e);
            }
        }
    }

    private @Nullable Runnable next() {
        synchronized (steps) {
            Runnable step = take(steps);
            if (step == null) {
                busy = false;
            }
            return step;
        }
    }

    /** Takes the step to run next; null if there is none. Steps that wait together may run in any order. */
    @Nullable
    Runnable take(Deque<Runnable> waiting) {
        return waiting.poll();
    }
}
