package io.reelbatch.handlers;

import io.reelbatch.domain.job.JobKey;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.job.JobState;
import io.reelbatch.domain.store.Fact;
import io.reelbatch.domain.store.FactKey;
import io.reelbatch.domain.store.JobStore;
import io.reelbatch.domain.store.Jobs;
import io.reelbatch.domain.store.StoredJson;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Facts kept outside the records of jobs that wait for a callback: their task tokens, and the failures that callbacks
 * reported.
 */
final class AwaitedJobs {
    /** Longer than a submit's lease and its wait for a callback; a token is worth nothing once its wait has ended. */
    private static final Duration KEPT = Duration.ofDays(1);

    private final JobStore store;
    private final Clock clock;

    AwaitedJobs(Parts parts) {
        this.store = parts.store();
        this.clock = parts.clock();
    }

    /**
     * A job that waits.
     *
     * @param token masked
     */
    record Wait(JobStep step, String token) {
        /** Ends it: by a result where there is something to download, else by an error, after which the job is looked at. */
        void end(TaskTokens tokens, JobRecord job) {
            if (job.state() == JobState.GENERATED) {
                tokens.succeed(token, StoredJson.writeAny(step.calledBack().download()));
            } else {
                tokens.fail(token, "CalledBack", "There is nothing to download: the job is " + job.state() + ".");
            }
        }

        @Override
        public String toString() {
            return "Wait[" + step.key() + "]";
        }
    }

    private record Failed(int number, String message) {}

    /** @param failed the last attempt of which a callback told that it had failed */
    private record Known(Optional<Wait> begun, Optional<Failed> failed) {
        static final Known NOTHING = new Known(Optional.empty(), Optional.empty());

        Known waiting(Wait other) {
            return new Known(Optional.of(other), failed);
        }

        Known failed(Failed other) {
            return new Known(begun, Optional.of(other));
        }
    }

    /** Keeps by what a job waits, instead of an earlier wait. */
    void keep(Wait wait) {
        Instant ends = clock.instant().plusSeconds(wait.step().waitSeconds());
        change(wait.step().key(), known -> known.waiting(wait), ends);
    }

    /** Keeps that a callback told of an attempt's failure, for whoever writes its submit's answer down. */
    void keepFailure(JobKey job, int number, String message) {
        change(job, known -> known.failed(new Failed(number, message)), clock.instant());
    }

    /** The wait begun last, which may be over. */
    Optional<Wait> wait(JobKey job) {
        return known(job).begun();
    }

    /** The failure that a callback reported for this attempt. */
    Optional<String> failure(JobKey job, int number) {
        return known(job).failed().filter(failed -> failed.number() == number).map(Failed::message);
    }

    /** Believes a callback about an attempt of which nobody else will tell, if one told that it had failed. */
    void settleFailure(Jobs jobs, JobKey job, int number) {
        failure(job, number)
                .ifPresent(message -> GenerationFailures.settle(jobs, job, number, message, clock.instant()));
    }

    private Known known(JobKey job) {
        return store.fact(key(job)).map(fact -> fact.as(Known.class)).orElse(Known.NOTHING);
    }

    private void change(JobKey job, UnaryOperator<Known> change, Instant needed) {
        FactKey key = key(job);
        Optional<Instant> expires = Optional.of(needed.plus(KEPT));
        boolean kept = false;
        while (!kept) {
            Optional<Fact> before = store.fact(key);
            Known next = change.apply(before.map(fact -> fact.as(Known.class)).orElse(Known.NOTHING));
            kept = store.putFact(
                    before.map(fact -> fact.next(next, expires)).orElseGet(() -> Fact.first(key, next, expires)));
        }
    }

    private static FactKey key(JobKey job) {
        return new FactKey(job.batchId(), "awaits/" + job.index());
    }
}
