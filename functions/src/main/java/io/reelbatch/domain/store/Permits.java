package io.reelbatch.domain.store;

import io.reelbatch.domain.job.BatchRecord;
import io.reelbatch.domain.job.JobKey;
import io.reelbatch.domain.job.JobState;
import io.reelbatch.domain.plan.PlannedJob;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Limits the jobs of a batch that are under way to {@code max_workers} when one child execution may run several jobs. A
 * permit belongs to one job and is returned when the job ends. It also expires some time after the job must have ended,
 * so a process that dies blocks it only for a while. Jobs of chains go first, because others wait for them.
 */
public final class Permits {
    /** Permits that share a fact: few enough to fit, and to be looked through. */
    private static final int SHARE = 50;
    /** After its generation a job is still downloaded, at most so long. */
    private static final Duration AFTER_GENERATION = Duration.ofMinutes(40);
    /** A holder is put down anew when so much of its time is over. */
    private static final Duration RENEWED_AFTER = Duration.ofMinutes(10);

    private static final int SHORTEST_WAIT = 3;
    private static final int LONGEST_WAIT = 60;
    /** A job that waits so many times longer grows its wait by one second. */
    private static final int WAITED_PER_SECOND = 4;

    private static final int MAX_CONFLICTS = 20;
    /**
     * When all permits are taken: how many of them are checked for a holder that ended without returning its permit.
     */
    private static final int LOOKED_AT = 5;

    private final JobStore store;

    public Permits(JobStore store) {
        this.store = store;
    }

    /**
     * Who has the permits of one fact, by the job's index.
     *
     * @param held until when
     * @param waiting jobs that found none
     */
    record Holders(Map<Integer, Instant> held, Map<Integer, Waiter> waiting) {
        static final Holders NOBODY = new Holders(Map.of(), Map.of());
    }

    /**
     * A job that waits.
     *
     * @param since when it first asked
     * @param until when it will have asked again if it still wants one
     * @param first whether it goes before those that are not of a chain
     */
    record Waiter(Instant since, Instant until, boolean first) {}

    /**
     * Takes a permit for a job, or keeps the one it has.
     *
     * @return 0 if it has one now, else the seconds to wait before it asks again
     */
    public int take(BatchRecord batch, PlannedJob job, Instant now) {
        int limit = batch.settings().maxWorkers();
        int shares = shares(limit);
        int wait = LONGEST_WAIT;
        for (int i = 0; i < shares; i++) {
            int share = Math.floorMod(job.index() + i, shares);
            int permits = limit / shares + (share < limit % shares ? 1 : 0);
            int answer = take(key(batch.batchId(), share), permits, job, now);
            if (answer == 0) {
                return 0;
            }
            wait = Math.min(wait, answer);
        }
        return wait;
    }

    private int take(FactKey key, int permits, PlannedJob job, Instant now) {
        for (int conflict = 0; conflict < MAX_CONFLICTS; conflict++) {
            Optional<Fact> known = store.fact(key);
            Draft draft = new Draft(known.map(fact -> fact.as(Holders.class)).orElse(Holders.NOBODY), now);
            if (draft.keeps(job)) {
                return 0;
            }
            if (!draft.isFree(permits, job)) {
                draft.dropEnded(key.scope());
            }
            int wait = draft.isFree(permits, job) ? draft.hold(job) : draft.await(job);
            if (store.putFact(next(key, known, draft.holders()))) {
                return wait;
            }
        }
        return SHORTEST_WAIT;
    }

    /** Gives a job's permit back, if it has one. */
    public void release(JobKey job) {
        int limit = store.batch(job.batchId())
                .map(batch -> batch.settings().maxWorkers())
                .orElse(0);
        int shares = shares(limit);
        for (int i = 0; i < shares; i++) {
            if (release(key(job.batchId(), Math.floorMod(job.index() + i, shares)), job.index())) {
                return;
            }
        }
    }

    /** A permit that cannot be returned because too many others write at the same time expires by itself. */
    private boolean release(FactKey key, int job) {
        for (int conflict = 0; conflict < MAX_CONFLICTS; conflict++) {
            Optional<Fact> known = store.fact(key);
            Holders holders = known.map(fact -> fact.as(Holders.class)).orElse(Holders.NOBODY);
            if (!holders.held().containsKey(job)) {
                return false;
            }
            Map<Integer, Instant> held = new HashMap<>(holders.held());
            held.remove(job);
            if (store.putFact(next(key, known, new Holders(held, holders.waiting())))) {
                return true;
            }
        }
        return true;
    }

    /** Takes all permits back: nobody works on the batch. */
    public void clear(BatchRecord batch) {
        for (int share = 0; share < shares(batch.settings().maxWorkers()); share++) {
            FactKey key = key(batch.batchId(), share);
            Optional<Fact> known = store.fact(key);
            while (known.isPresent() && !store.putFact(next(key, known, Holders.NOBODY))) {
                known = store.fact(key);
            }
        }
    }

    private static int shares(int limit) {
        return (limit + SHARE - 1) / SHARE;
    }

    private static FactKey key(String batchId, int share) {
        return new FactKey(batchId, "permits/" + share);
    }

    private static Fact next(FactKey key, Optional<Fact> known, Holders holders) {
        return known.map(fact -> fact.next(holders, Optional.empty()))
                .orElseGet(() -> Fact.first(key, holders, Optional.empty()));
    }

    /** The holders of one fact while they change. */
    private final class Draft {
        private final Instant now;
        private final Map<Integer, Instant> held;
        private final Map<Integer, Waiter> waiting;

        Draft(Holders from, Instant now) {
            this.now = now;
            this.held = new HashMap<>(from.held());
            this.waiting = new HashMap<>(from.waiting());
            held.values().removeIf(until -> !now.isBefore(until));
            waiting.values().removeIf(waiter -> !now.isBefore(waiter.until()));
        }

        Holders holders() {
            return new Holders(held, waiting);
        }

        /** Whether the job has a permit that is good for long enough. */
        boolean keeps(PlannedJob job) {
            Instant until = held.getOrDefault(job.index(), Instant.EPOCH);
            return until.isAfter(end(job).minus(RENEWED_AFTER));
        }

        boolean isFree(int permits, PlannedJob job) {
            if (held.containsKey(job.index())) {
                return true;
            }
            long before = job.chain().isPresent()
                    ? 0
                    : waiting.values().stream().filter(Waiter::first).count();
            return held.size() + before < permits;
        }

        int hold(PlannedJob job) {
            held.put(job.index(), end(job));
            waiting.remove(job.index());
            return 0;
        }

        /** The longer it has waited, the less often it asks. */
        int await(PlannedJob job) {
            Waiter before = waiting.get(job.index());
            Instant since = before == null ? now : before.since();
            long waited = Duration.between(since, now).toSeconds();
            int wait = (int) Math.max(SHORTEST_WAIT, Math.min(LONGEST_WAIT, waited / WAITED_PER_SECOND));
            Instant until = now.plusSeconds(2L * wait + LONGEST_WAIT);
            waiting.put(job.index(), new Waiter(since, until, job.chain().isPresent()));
            return wait;
        }

        /** Those who have held longest are the likeliest to have died on the way out. */
        void dropEnded(String batchId) {
            List<Integer> oldest = held.entrySet().stream()
                    .sorted(Map.Entry.comparingByValue(Comparator.naturalOrder()))
                    .limit(LOOKED_AT)
                    .map(Map.Entry::getKey)
                    .toList();
            for (int job : oldest) {
                boolean ended = store.job(new JobKey(batchId, job))
                        .map(found -> found.state() == JobState.STORED || found.state() == JobState.FAILED)
                        .orElse(true);
                if (ended) {
                    held.remove(job);
                }
            }
        }

        private Instant end(PlannedJob job) {
            return now.plus(job.timeout()).plus(AFTER_GENERATION);
        }
    }
}
