package io.reelbatch.domain.pace;

import io.reelbatch.domain.plan.PlannedJob;
import java.util.Locale;

/**
 * Identifies what a pace was learned for: one model on one account.
 *
 * @param account names the account that pays
 * @param model the provider's model id
 * @param kind what is made, such as {@code image}
 */
public record PaceKey(String account, String model, String kind) {
    /** Stores take no longer names; two models that differ only after so many characters share a pace. */
    private static final int LONGEST_MODEL = 400;

    /** The key of a job. */
    public static PaceKey of(String account, PlannedJob job) {
        return new PaceKey(account, job.model(), job.type().name().toLowerCase(Locale.ROOT));
    }

    /** This key as one string, at most 2 KB. */
    public String name() {
        String shortened = model.length() > LONGEST_MODEL ? model.substring(0, LONGEST_MODEL) : model;
        return account + "#" + kind + "#" + shortened;
    }
}
