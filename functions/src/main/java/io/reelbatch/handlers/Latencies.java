package io.reelbatch.handlers;

import io.reelbatch.domain.pace.LatencyProfile;
import io.reelbatch.domain.pace.PaceKey;
import io.reelbatch.domain.pace.Profiles;
import io.reelbatch.domain.plan.PlannedJob;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How long the generations of a batch's jobs take, as seen on its account. */
final class Latencies {
    private static final int MOST_KEPT = 1000;

    private final Parts parts;
    private final Profiles profiles;
    private final Map<String, String> accounts = new ConcurrentHashMap<>();

    Latencies(Parts parts) {
        this.parts = parts;
        this.profiles =
                new Profiles(parts.store().pace(), model -> parts.catalog().expectedTimes(model), parts.clock());
    }

    LatencyProfile profile(String batchId, PlannedJob job) {
        return profiles.of(key(batchId, job));
    }

    /** What is typical of the job's model, or else what was planned with. */
    Duration expected(String batchId, PlannedJob job) {
        LatencyProfile profile = profile(batchId, job);
        return profile.isEnough() ? profile.percentile(50) : job.expected();
    }

    void remember(String batchId, PlannedJob job, Duration took) {
        profiles.remember(key(batchId, job), took);
    }

    private PaceKey key(String batchId, PlannedJob job) {
        if (accounts.size() >= MOST_KEPT) {
            accounts.clear();
        }
        String account = accounts.computeIfAbsent(
                batchId,
                id -> parts.provider().apply(parts.batch(id).settings().api()).account());
        return PaceKey.of(account, job);
    }
}
