package io.reelbatch.domain.pace;

import java.time.Instant;
import java.util.Optional;

/** When a submit may start. */
public sealed interface Turn {
    /**
     * A start.
     *
     * @param slot empty where there is no limit
     */
    record Start(Optional<Slot> slot) implements Turn {}

    /**
     * No start yet: there are too many before it.
     *
     * @param seconds when to ask again
     */
    record AskAgain(int seconds) implements Turn {}

    /**
     * A moment that is one submit's own. One that is not used harms nobody.
     *
     * @param start when it may leave
     * @param epoch under which cut of the rate it was given out
     * @param full whether it is only a try, because the account has as many generations under way as it may
     */
    record Slot(Instant start, int epoch, boolean full) {}
}
