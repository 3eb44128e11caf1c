package io.reelbatch.adapters.aws;

import io.reelbatch.errors.StoreException;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/** Retries after random waits that double, because conflicts with other writers of the same items pass. */
final class Patience {
    private static final int TRIES = 14;
    private static final int FIRST_MILLIS = 10;
    private static final int MAX_MILLIS = 2_000;

    private Patience() {}

    /** Gives the first result that is there; at most about ten seconds of waiting. */
    static <T> T untilSettled(Supplier<Optional<T>> attempt, Supplier<StoreException> givenUp) {
        for (int tries = 0; tries < TRIES; tries++) {
            Optional<T> result = attempt.get();
            if (result.isPresent()) {
                return result.get();
            }
            pause(tries);
        }
        throw givenUp.get();
    }

    private static void pause(int tries) {
        int longest = Math.min(MAX_MILLIS, FIRST_MILLIS << Math.min(tries, 16));
        try {
            Thread.sleep(ThreadLocalRandom.current().nextInt(longest) + 1L);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException("interrupted while waiting for a busy table", e);
        }
    }
}
