package io.reelbatch.handlers;

import io.reelbatch.domain.job.JobKey;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.job.JobState;
import io.reelbatch.domain.store.Fact;
import io.reelbatch.domain.store.FactKey;
import io.reelbatch.domain.store.JobStore;
import io.reelbatch.domain.store.StoredJson;
import java.util.Optional;

/** The tokens of jobs that wait to be called back, kept beside their records. */
final class AwaitedJobs {
    private final JobStore store;
    private final TaskTokens tokens;

    AwaitedJobs(JobStore store, TaskTokens tokens) {
        this.store = store;
        this.tokens = tokens;
    }

    private record Awaited(JobStep step, String token) {}

    /** Keeps the token by which a job waits, instead of an earlier one. */
    void keep(JobStep step, String token) {
        FactKey key = key(step.key());
        Awaited value = new Awaited(step, token);
        boolean kept = false;
        while (!kept) {
            Optional<Fact> before = store.fact(key);
            Fact next = before.map(fact -> fact.next(value, Optional.empty()))
                    .orElseGet(() -> Fact.first(key, value, Optional.empty()));
            kept = store.putFact(next);
        }
    }

    /** Lets a job go on that waits, if it does. */
    void wake(JobRecord job) {
        store.fact(key(job.key()))
                .map(fact -> fact.as(Awaited.class))
                .ifPresent(awaited -> wake(awaited.step(), awaited.token(), job));
    }

    /** Lets the job with that token go on from where its record is. */
    void wake(JobStep step, String token, JobRecord job) {
        tokens.succeed(token, StoredJson.writeAny(goOn(step.calledBack(), job.state())));
    }

    private static JobStep goOn(JobStep step, JobState state) {
        return switch (state) {
            case GENERATED -> step.download();
            case SUBMITTED -> step.pollNow();
            case PLANNED, UNKNOWN, SUBMITTING -> step.anew().submitAfter(0);
            case STORED, FAILED -> step.done();
        };
    }

    private static FactKey key(JobKey job) {
        return new FactKey(job.batchId(), "awaits/" + job.index());
    }
}
