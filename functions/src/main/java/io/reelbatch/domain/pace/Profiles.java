package io.reelbatch.domain.pace;

import io.reelbatch.errors.StoreException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Caches the latency profiles that decide when to poll: each is read at most twice a minute, and a failure to read one
 * never fails a job.
 */
public final class Profiles {
    private static final Logger LOG = LoggerFactory.getLogger(Profiles.class);
    private static final Duration FRESH = Duration.ofSeconds(30);
    private static final int MOST_KEPT = 1000;

    private final PaceStore store;
    private final Function<String, List<Duration>> expected;
    private final Clock clock;
    private final Map<PaceKey, Read> kept = new ConcurrentHashMap<>();

    private record Read(LatencyProfile profile, Instant at) {}

    /**
     * Profiles over a store.
     *
     * @param expected what a model's generations are expected to take, by its id; empty where nothing is known
     */
    public Profiles(PaceStore store, Function<String, List<Duration>> expected, Clock clock) {
        this.store = store;
        this.expected = expected;
        this.clock = clock;
    }

    /** What is known of a model; without the store, what the catalog expects. */
    public LatencyProfile of(PaceKey key) {
        Instant now = clock.instant();
        Read known = kept.get(key);
        if (known != null && now.isBefore(known.at.plus(FRESH))) {
            return known.profile;
        }
        if (kept.size() >= MOST_KEPT) {
            kept.clear();
        }
        LatencyProfile profile = LatencyProfile.of(remembered(key), expected.apply(key.model()));
        kept.put(key, new Read(profile, now));
        return profile;
    }

    private List<Duration> remembered(PaceKey key) {
        try {
            return store.remembered(key);
        } catch (StoreException e) {
            LOG.atWarn().setMessage("latencies cannot be read").setCause(e).log();
            return List.of();
        }
    }

    /** Remembers how long a generation took, if the store takes it. */
    public void remember(PaceKey key, Duration took) {
        try {
            store.remember(key, took);
        } catch (StoreException e) {
            LOG.atWarn()
                    .setMessage("a latency cannot be remembered")
                    .setCause(e)
                    .log();
        }
    }
}
