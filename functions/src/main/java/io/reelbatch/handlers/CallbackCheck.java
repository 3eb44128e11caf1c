package io.reelbatch.handlers;

import io.reelbatch.domain.job.BatchSettings.ProviderApi;
import io.reelbatch.domain.store.Fact;
import io.reelbatch.domain.store.FactKey;
import io.reelbatch.domain.webhook.CallbackKey.Target;
import io.reelbatch.domain.webhook.KeySet;
import io.reelbatch.domain.webhook.SignedCallback;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/** Checks that a callback was sent by the provider and belongs to the job whose address it arrived at. */
final class CallbackCheck {
    private static final Duration KEYS_KEPT = Duration.ofHours(1);
    /** A key that nobody knows makes us ask again, but not for each callback that names one. */
    private static final Duration ASKED_AGAIN = Duration.ofMinutes(1);

    private final Parts parts;
    private final Clock clock;
    private volatile Keys keys = new Keys(KeySet.NONE, Instant.MIN);

    private record Keys(KeySet set, Instant at) {
        boolean olderThan(Duration age, Instant now) {
            return at.equals(Instant.MIN) || now.isAfter(at.plus(age));
        }
    }

    private record Used(String by) {}

    /** @param clock the world's, by which the provider signs */
    CallbackCheck(Parts parts, Clock clock) {
        this.parts = parts;
        this.clock = clock;
    }

    /** Why it is not to be believed; empty if it is. */
    Optional<String> objection(SignedCallback callback, Target target) {
        Instant now = clock.instant();
        return callback.objection(key(callback.keyId(), now), now).or(() -> replayed(callback, target, now));
    }

    private Optional<PublicKey> key(String id, Instant now) {
        Keys known = keys;
        boolean wanted =
                known.set().key(id).isEmpty() ? known.olderThan(ASKED_AGAIN, now) : known.olderThan(KEYS_KEPT, now);
        if (wanted) {
            KeySet fetched = parts.provider()
                    .apply(ProviderApi.ATLAS)
                    .webhookKeys()
                    .toOptional()
                    .orElse(known.set());
            keys = new Keys(fetched, now);
        }
        return keys.set().key(id);
    }

    /**
     * What was signed once is good for one attempt: a callback that was overheard must not end another job. The signature's own text
     * would not do, since it can be written in several ways.
     */
    private Optional<String> replayed(SignedCallback callback, Target target, Instant now) {
        FactKey name = FactKey.ofAccount("webhook-seen/" + digest(callback.signed()));
        Used use = new Used(target.job() + "/" + target.number());
        Instant forgotten = now.plus(SignedCallback.WINDOW.multipliedBy(3));
        if (parts.store().putFact(Fact.first(name, use, Optional.of(forgotten)))) {
            return Optional.empty();
        }
        boolean same = parts.store()
                .fact(name)
                .map(fact -> fact.as(Used.class).equals(use))
                .orElse(false);
        return same ? Optional.empty() : Optional.of("its signature was used for another job");
    }

    private static String digest(byte[] signed) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha256.digest(signed));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
