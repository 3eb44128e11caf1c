package io.reelbatch.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import io.reelbatch.adapters.provider.Downloader;
import io.reelbatch.adapters.provider.Downloader.Limits;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.job.JobState;
import io.reelbatch.domain.job.Reason;
import io.reelbatch.domain.job.StoredOutput;
import io.reelbatch.domain.provider.Download;
import io.reelbatch.domain.provider.OutputKind;
import io.reelbatch.domain.report.Thumbnails;
import io.reelbatch.domain.store.BatchFolder;
import io.reelbatch.domain.store.Jobs;
import io.reelbatch.domain.store.ObjectWriter;
import io.reelbatch.errors.DownloadInterrupted;
import io.reelbatch.errors.OutputExpired;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Streams a job's outputs into the object store and verifies them. A failure is thrown as a named error on which the
 * definition acts: it fetches again, or polls for a fresh URL. The generation itself is never repeated.
 */
public final class DownloadOutput extends StepHandler<JobStep, JobStep> {
    private static final Logger LOG = LoggerFactory.getLogger(DownloadOutput.class);
    /** Time kept at the end of the invocation for writing the record. */
    private static final Duration MARGIN = Duration.ofSeconds(20);

    private final Parts parts;
    private final Jobs jobs;
    private final Reuse reuse;
    private final Thumbnails thumbnails;

    /** For Lambda: by the environment variables, of which a missing one is an {@link IllegalStateException}. */
    public DownloadOutput() {
        this(Deployment.here().parts());
        prepareSnapshot(Snapshot.records(parts), Snapshot.objects(parts), Snapshot.downloads(parts));
    }

    public DownloadOutput(Parts parts) {
        super(JobStep.class);
        this.parts = parts;
        this.jobs = parts.jobs();
        this.reuse = new Reuse(parts);
        this.thumbnails = new Thumbnails(parts.objects());
    }

    @Override
    JobStep handle(JobStep step, Context context) throws IOException {
        JobRecord job = jobs.read(step.key());
        if (job.state() != JobState.GENERATED) {
            return step.done();
        }
        Limits limits = new Limits(
                parts.batch(step.batchId()).settings().maxDownload().orElse(Limits.DEFAULT.maxBytes()),
                Duration.ofMillis(context.getRemainingTimeInMillis()).minus(MARGIN));
        List<StoredOutput> files = new ArrayList<>();
        for (String url : job.outputUrls()) {
            Optional<StoredOutput> file = fetch(step, job, url, files.size(), limits);
            if (file.isEmpty()) {
                return step.done();
            }
            files.add(file.get());
        }
        JobRecord stored = jobs.updateIf(
                        step.key(),
                        latest -> latest.state() == JobState.GENERATED,
                        latest -> latest.stored(files, parts.clock().instant()))
                .record();
        Steps.event(LOG, step, "stored", stored)
                .addKeyValue("path", files.get(0).path())
                .log();
        removeInline(job);
        if (stored.state() == JobState.STORED) {
            reuse.remember(parts.batch(step.batchId()), stored);
            thumbnails.keep(new BatchFolder(step.batchId()), files.get(0));
        }
        return step.done();
    }

    /** Fetches one output into its place; empty when it can never be fetched, which is then the job's failure. */
    private Optional<StoredOutput> fetch(JobStep step, JobRecord job, String url, int number, Limits limits)
            throws IOException {
        try (Target target =
                new Target(new BatchFolder(step.batchId()), job.plan().basePath(number))) {
            Download download = transfer(url, target, limits);
            if (download instanceof Download.Done done) {
                return Optional.of(target.commit(done));
            } else if (download instanceof Download.Cut cut) {
                throw new DownloadInterrupted(cut.message());
            } else if (download instanceof Download.Unavailable unavailable) {
                throw new DownloadInterrupted(unavailable.message());
            } else if (download instanceof Download.Expired expired) {
                throw new OutputExpired(expired.message());
            } else if (download instanceof Download.NotMedia notMedia) {
                fail(step, notMedia.message());
            } else if (download instanceof Download.TooLarge tooLarge) {
                fail(step, tooLarge.message() + ". `retry --max-download SIZE` fetches it without paying again");
            } else if (download instanceof Download.Forbidden forbidden) {
                fail(step, forbidden.message());
            }
            return Optional.empty();
        }
    }

    private Download transfer(String url, Downloader.Sink sink, Limits limits) throws IOException {
        Optional<String> unusable = InlineOutputs.unusable(url);
        if (unusable.isPresent()) {
            return new Download.NotMedia(unusable.get());
        }
        Optional<String> object = InlineOutputs.objectOf(url);
        return object.isEmpty()
                ? parts.downloader().fetch(url, sink, limits)
                : parts.downloader().copy(parts.objects().read(object.get()), sink, limits);
    }

    private void fail(JobStep step, String message) {
        JobRecord job = jobs.updateIf(
                        step.key(),
                        latest -> latest.state() == JobState.GENERATED,
                        latest -> latest.failed(
                                Reason.DOWNLOAD_FAILED,
                                message + ". The generation is paid for.",
                                parts.clock().instant()))
                .record();
        Steps.event(LOG, step, "failed", job).addKeyValue("why", message).log();
    }

    private void removeInline(JobRecord job) throws IOException {
        for (String url : job.outputUrls()) {
            Optional<String> object = InlineOutputs.objectOf(url);
            if (object.isPresent()) {
                parts.objects().delete(object.get());
            }
        }
    }

    /** The place of one output: its name is complete once the first bytes have told its kind. */
    private final class Target implements Downloader.Sink, AutoCloseable {
        private final BatchFolder folder;
        private final String base;
        private Optional<ObjectWriter> writer = Optional.empty();

        Target(BatchFolder folder, String base) {
            this.folder = folder;
            this.base = base;
        }

        @Override
        public OutputStream open(OutputKind kind) throws IOException {
            ObjectWriter opened =
                    parts.objects().write(folder.visible(base + "." + kind.extension()), kind.contentType());
            writer = Optional.of(opened);
            return opened;
        }

        StoredOutput commit(Download.Done done) throws IOException {
            writer.orElseThrow().commit();
            return new StoredOutput(
                    base + "." + done.kind().extension(),
                    done.bytes(),
                    done.sha256(),
                    done.kind().contentType());
        }

        @Override
        public void close() throws IOException {
            if (writer.isPresent()) {
                writer.get().close();
            }
        }
    }
}
