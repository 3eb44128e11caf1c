package io.reelbatch.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.store.Jobs;
import io.reelbatch.handlers.AwaitedJobs.Wait;

/**
 * Stores the task token on which a job waits for its callback. {@link ReceiveWebhook} writes the record before it looks
 * for a token. So if this function reads the record after it has stored the token, it sees a callback that arrived too
 * early to find the token.
 */
public final class AwaitWebhook extends StepHandler<AwaitWebhook.Waiting, JobStep> {
    private final Parts parts;
    private final Jobs jobs;
    private final AwaitedJobs awaited;
    private final TaskTokens tokens;

    /**
     * What the definition passes in.
     *
     * @param step the job's step
     * @param taskToken ends the state, with a step as its result
     */
    public record Waiting(JobStep step, String taskToken) {}

    /** For Lambda: by the environment variables, of which a missing one is an {@link IllegalStateException}. */
    public AwaitWebhook() {
        this(Deployment.here());
    }

    private AwaitWebhook(Deployment deployment) {
        this(deployment.parts(), deployment.taskTokens());
        prepareSnapshot(Snapshot.records(parts));
    }

    public AwaitWebhook(Parts parts, TaskTokens tokens) {
        super(Waiting.class);
        this.parts = parts;
        this.tokens = tokens;
        this.jobs = parts.jobs();
        this.awaited = new AwaitedJobs(parts);
    }

    @Override
    JobStep handle(Waiting waiting, Context context) {
        Wait wait = new Wait(waiting.step(), waiting.taskToken());
        awaited.keep(wait);
        JobRecord job = jobs.read(waiting.step().key());
        boolean calledBack = switch (job.state()) {
            case SUBMITTED ->
                awaited.failure(job.key(), job.current().orElseThrow().number()).isPresent();
            case UNKNOWN -> false;
            default -> true;
        };
        if (calledBack) {
            wait.end(tokens, job);
        }
        return waiting.step();
    }
}
