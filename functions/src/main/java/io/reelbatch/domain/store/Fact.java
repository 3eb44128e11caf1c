package io.reelbatch.domain.store;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * A small piece of shared knowledge that is not part of a job's record, such as the address of an uploaded input.
 * Immutable: an update is a new version, which the store accepts only if nobody else has written one meanwhile.
 *
 * @param json the value, at most a few kilobytes
 * @param version 1 for a new fact, then one more with each write
 * @param expiresAt from then on the store may delete it at any moment, but may also still return it; whole seconds
 */
public record Fact(FactKey key, String json, long version, Optional<Instant> expiresAt) {
    public Fact {
        expiresAt = expiresAt.map(time -> time.truncatedTo(ChronoUnit.SECONDS));
    }

    /** A new fact, as version 1. */
    public static Fact first(FactKey key, Object value, Optional<Instant> expiresAt) {
        return new Fact(key, StoredJson.writeAny(value), 1, expiresAt);
    }

    /** The next version. */
    public Fact next(Object value, Optional<Instant> expires) {
        return new Fact(key, StoredJson.writeAny(value), version + 1, expires);
    }

    /**
     * The value.
     *
     * @throws io.reelbatch.errors.StoreException if it is no such value
     */
    public <T> T as(Class<T> type) {
        return StoredJson.read(json, type, "the fact " + key);
    }
}
