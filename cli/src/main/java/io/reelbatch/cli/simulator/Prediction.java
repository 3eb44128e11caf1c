package io.reelbatch.cli.simulator;

import io.reelbatch.cli.simulator.media.MediaKind;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;

/**
 * An accepted job. Its fate is decided when it is accepted; time only reveals it.
 *
 * @param id the provider's name for it
 * @param kind what it makes
 * @param body the request, as JSON; texts of over 4,096 characters are shortened
 * @param seed the request's, or one made up for it
 * @param job how many jobs of the same model and prompt were accepted before it
 * @param price USD
 * @param acceptedAt when the submit was accepted
 * @param generationTime from acceptance to the end
 * @param outcome how it ends
 * @param visibleAt polls before are answered 404
 * @param expiresAt its output is gone from then on
 */
public record Prediction(
        String id,
        MediaKind kind,
        String model,
        String prompt,
        String body,
        long seed,
        int job,
        BigDecimal price,
        Instant acceptedAt,
        Duration generationTime,
        Outcome outcome,
        Instant visibleAt,
        Instant expiresAt) {

    /** How a generation ends. */
    public enum Outcome {
        SUCCEEDED,
        FAILED,
        /** Failed because of moderation. */
        MODERATED,
        /** Never. */
        ENDLESS
    }

    /** When it ends, or, if endless, when it stops to count among the running ones. */
    public Instant readyAt() {
        return acceptedAt.plus(generationTime);
    }

    /** Whether it has ended, well or not. */
    boolean ended(Instant now) {
        return outcome != Outcome.ENDLESS && !now.isBefore(readyAt());
    }

    /** Whether it has ended badly, so that its price is released. */
    boolean released(Instant now) {
        return ended(now) && outcome != Outcome.SUCCEEDED;
    }
}
