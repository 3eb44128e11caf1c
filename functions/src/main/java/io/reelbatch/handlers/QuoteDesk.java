package io.reelbatch.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.domain.job.BatchRecord;
import io.reelbatch.domain.plan.PlannedJob;
import io.reelbatch.domain.plan.QuoteKey;
import io.reelbatch.domain.provider.Answer;
import io.reelbatch.domain.provider.Quote;
import io.reelbatch.domain.store.Fact;
import io.reelbatch.domain.store.FactKey;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Quotes each distinct request of a batch once. Of all the workers that submit, on whatever machine, one asks the
 * provider; the quote is shared as a fact of the batch and cached here for the next job.
 */
final class QuoteDesk {
    private static final Logger LOG = LoggerFactory.getLogger(QuoteDesk.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /**
     * The fraction of an invocation's time for which one worker keeps the others from asking: a quarter, 15 of 60 s.
     */
    private static final int LEASE_SHARE = 4;

    private static final Duration VALID = Duration.ofHours(24);
    /** After this a provider that could not answer is asked again. */
    private static final Duration RETRY = Duration.ofMinutes(5);

    private static final int MAX_KNOWN = 1000;

    private final Parts parts;
    private final Map<FactKey, Shared> known = new ConcurrentHashMap<>();
    private final Object[] locks = Stream.generate(Object::new).limit(16).toArray();

    QuoteDesk(Parts parts) {
        this.parts = parts;
    }

    /**
     * What is shared of one quote: who asks, or what came of it.
     *
     * @param asked whether the provider has answered or could not be asked
     * @param price USD, if it said so
     * @param until up to then this holds: the asker's lease, or the answer
     */
    record Shared(boolean asked, Optional<BigDecimal> price, Instant until) {}

    /**
     * The outcome for one job.
     *
     * @param ready false while somebody else is asking: come back
     * @param price USD; empty when nobody quotes, and the table's price counts
     */
    record Quoted(boolean ready, Optional<BigDecimal> price) {
        private static final Quoted NOT_YET = new Quoted(false, Optional.empty());
        private static final Quoted NONE = new Quoted(true, Optional.empty());
    }

    /**
     * The quote for a request, asked for if nobody has.
     *
     * @param body as it will be sent
     */
    Quoted quote(BatchRecord batch, PlannedJob job, ObjectNode body, Context context) {
        if (!parts.quoting()) {
            return Quoted.NONE;
        }
        FactKey key = new FactKey(
                batch.batchId(), "quote/" + QuoteKey.of(job.endpoint(), body).digest());
        Optional<Shared> here = valid(Optional.ofNullable(known.get(key)));
        if (here.isPresent()) {
            return new Quoted(true, here.get().price());
        }
        // Jobs of one process wait for each other's answer: that is sooner than coming back.
        synchronized (locks[Math.floorMod(key.hashCode(), locks.length)]) {
            Optional<Fact> fact = parts.store().fact(key);
            Optional<Shared> shared = valid(fact.map(found -> found.as(Shared.class)));
            if (shared.isPresent()) {
                return shared.get().asked() ? keep(key, shared.get()) : Quoted.NOT_YET;
            }
            return ask(key, fact, lease(context), () -> answer(batch, job, body));
        }
    }

    private Optional<Shared> valid(Optional<Shared> shared) {
        return shared.filter(one -> parts.clock().instant().isBefore(one.until()));
    }

    private static Duration lease(Context context) {
        return Duration.ofMillis(context.getRemainingTimeInMillis() / LEASE_SHARE);
    }

    private Quoted ask(FactKey key, Optional<Fact> before, Duration lease, Supplier<Shared> provider) {
        Shared claim =
                new Shared(false, Optional.empty(), parts.clock().instant().plus(lease));
        Fact claimed = before.map(fact -> fact.next(claim, Optional.of(claim.until())))
                .orElseGet(() -> Fact.first(key, claim, Optional.of(claim.until())));
        if (!parts.store().putFact(claimed)) {
            return Quoted.NOT_YET;
        }
        Shared answer = provider.get();
        // Refused when somebody else took over after the lease: then theirs is shared, and ours is as good.
        parts.store().putFact(claimed.next(answer, Optional.of(answer.until())));
        return keep(key, answer);
    }

    private Shared answer(BatchRecord batch, PlannedJob job, ObjectNode body) {
        Answer<Quote> answer = parts.provider().apply(batch.settings().api()).quote(body, PATIENCE);
        Instant now = parts.clock().instant();
        if (answer instanceof Answer.Ok<Quote> ok) {
            LOG.atInfo()
                    .setMessage("quoted")
                    .addKeyValue("batch", batch.batchId())
                    .addKeyValue("model", job.model())
                    .addKeyValue("table_usd", job.price())
                    .addKeyValue("quote_usd", ok.value().price())
                    .log();
            return new Shared(true, Optional.of(ok.value().price()), now.plus(VALID));
        }
        boolean refusesAccount = answer instanceof Answer.Refused<Quote> refused
                && refused.error().kind().stopsBatch();
        LOG.atWarn()
                .setMessage("no quote, the table's price counts")
                .addKeyValue("batch", batch.batchId())
                .addKeyValue("model", job.model())
                .addKeyValue("why", why(answer))
                .log();
        // A 401 may also mean that this server has no quotes. The submit that follows tells, and stops the batch.
        return new Shared(true, Optional.empty(), refusesAccount ? now : now.plus(RETRY));
    }

    private static String why(Answer<Quote> answer) {
        if (answer instanceof Answer.Refused<Quote> refused) {
            return refused.error().describe();
        }
        return ((Answer.Unavailable<Quote>) answer).message();
    }

    private Quoted keep(FactKey key, Shared answer) {
        if (known.size() >= MAX_KNOWN) {
            known.clear();
        }
        known.put(key, answer);
        return new Quoted(true, answer.price());
    }
}
