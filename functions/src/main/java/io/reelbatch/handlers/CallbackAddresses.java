package io.reelbatch.handlers;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.domain.job.JobKey;
import io.reelbatch.domain.store.Fact;
import io.reelbatch.domain.store.FactKey;
import io.reelbatch.domain.store.JobStore;
import io.reelbatch.domain.webhook.CallbackKey;
import io.reelbatch.domain.webhook.CallbackKey.Target;
import java.net.URI;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/** Makes the callback addresses given to the provider. They are derived from a secret key that only the store holds. */
final class CallbackAddresses {
    private static final FactKey KEY = FactKey.ofAccount("webhook-key");
    private static final String FIELD = "webhook_url";

    private final JobStore store;
    private final Optional<URI> base;
    private final Lazy<CallbackKey> key;

    CallbackAddresses(Parts parts) {
        this.store = parts.store();
        this.base = parts.webhookUrl();
        this.key = new Lazy<>(this::readOrMake);
    }

    private record Kept(String base64) {
        static Kept random() {
            byte[] bytes = new byte[CallbackKey.LENGTH];
            new SecureRandom().nextBytes(bytes);
            return new Kept(Base64.getEncoder().encodeToString(bytes));
        }

        CallbackKey key() {
            return new CallbackKey(Base64.getDecoder().decode(base64));
        }

        /** Masked. */
        @Override
        public String toString() {
            return "Kept[***]";
        }
    }

    private CallbackKey readOrMake() {
        Optional<Fact> known = store.fact(KEY);
        if (known.isEmpty()) {
            // Of several that make one the first is kept, by all.
            store.putFact(Fact.first(KEY, Kept.random(), Optional.empty()));
            known = store.fact(KEY);
        }
        return known.orElseThrow().as(Kept.class).key();
    }

    /** The body with the address for an attempt; empty where none is configured or the user's own stands in it. */
    Optional<ObjectNode> addTo(ObjectNode body, JobKey job, int number) {
        if (base.isEmpty() || body.has(FIELD)) {
            return Optional.empty();
        }
        String root = base.get().toString().replaceFirst("/+$", "");
        return Optional.of(body.deepCopy().put(FIELD, root + "/" + key.get().reference(new Target(job, number))));
    }

    /** Whose address it is, by its last part; empty if it is none of ours. */
    Optional<Target> target(String reference) {
        return key.get().target(reference);
    }
}
