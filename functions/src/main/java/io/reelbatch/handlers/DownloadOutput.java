package io.reelbatch.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import io.reelbatch.adapters.provider.Download;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.job.JobState;
import io.reelbatch.domain.job.Jobs;
import io.reelbatch.domain.job.StoredOutput;
import java.io.IOException;
import java.util.List;

public final class DownloadOutput extends StepHandler<JobStep, JobStep> {
    private final Parts parts;
    private final Jobs jobs;

    public DownloadOutput(Parts parts) {
        super(JobStep.class);
        this.parts = parts;
        this.jobs = parts.jobs();
    }

    @Override
    JobStep handle(JobStep step, Context context) throws IOException {
        JobRecord job = jobs.read(step.key());
        if (job.state() != JobState.GENERATED) {
            return step.done();
        }
        String url = job.outputUrls().get(0);
        String path = job.plan().basePath()
                + (url.contains("mp4") || job.plan().type().word().equals("video") ? ".mp4" : ".png");
        try (var out = parts.objects().write("batches/" + step.batchId() + "/" + path, "image/png")) {
            Download.Done done = (Download.Done) parts.downloader().fetch(url, out);
            out.commit();
            jobs.update(
                    step.key(),
                    r -> r.stored(
                            List.of(new StoredOutput(path, done.bytes(), done.sha256(), "image/png")),
                            parts.clock().instant()));
        }
        return step.done();
    }
}
