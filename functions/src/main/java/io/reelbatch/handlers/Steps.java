package io.reelbatch.handlers;

import io.reelbatch.domain.job.Attempt;
import io.reelbatch.domain.job.JobRecord;
import org.slf4j.Logger;
import org.slf4j.spi.LoggingEventBuilder;

/** The log line that every step writes: one event, with batch, job, prediction and cost as fields of their own. */
final class Steps {
    private Steps() {}

    static LoggingEventBuilder event(Logger log, JobStep step, String what, JobRecord job) {
        LoggingEventBuilder event = log.atInfo()
                .setMessage(what)
                .addKeyValue("batch", step.batchId())
                .addKeyValue("job", step.job())
                .addKeyValue("name", job.plan().name())
                .addKeyValue("state", job.state())
                .addKeyValue("committed_usd", job.committed());
        return job.current()
                .flatMap(Attempt::predictionId)
                .map(id -> event.addKeyValue("prediction", id))
                .orElse(event);
    }
}
