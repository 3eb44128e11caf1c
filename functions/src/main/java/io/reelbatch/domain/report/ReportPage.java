package io.reelbatch.domain.report;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.job.JobState;
import io.reelbatch.domain.store.BatchFolder;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.function.Consumer;

/**
 * Writes {@code report.html}: one page with everything in it but the full files, which it links to by relative path. It needs
 * no network, and its policy lets nothing run but its own script. Jobs are streamed; memory stays bounded.
 *
 * <p>Up to 2,000 jobs are all on it; of a larger batch the failed ones, as far as there is room, and a sample.
 */
public final class ReportPage {
    /** Jobs that a browser lays out and filters without a pause. */
    static final int MAX_JOBS = 2000;

    private static final int SAMPLE = 200;
    private final Reports reports;
    private final Course course;
    private final Thumbnails thumbnails;
    private final String outputDir;
    private int failuresShown;

    /**
     * A page for one batch, to be written once.
     *
     * @param course every job of the batch
     */
    public ReportPage(Reports reports, Course course, Thumbnails thumbnails) {
        this.reports = reports;
        this.course = course;
        this.thumbnails = thumbnails;
        this.outputDir = reports.batch().settings().outputDir();
    }

    /** Hands over every job of the batch in the order of the config. */
    @FunctionalInterface
    public interface Jobs {
        void forEach(Consumer<JobRecord> action);
    }

    /** Writes the page as UTF-8; the caller closes the stream. */
    public void write(OutputStream out, Jobs jobs) throws IOException {
        Writer page = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), 1 << 16);
        String style = resource("report.css");
        String script = resource("report.js");
        PageHead head = PageHead.of(reports, course, jobs, new PageHead.Inline(style, hash(style), hash(script)));
        template("page.mustache").execute(head, page);
        Template card = template("card.mustache");
        BatchFolder folder = new BatchFolder(reports.batch().batchId());
        try (Pictures pictures = new Pictures(
                thumbnails,
                folder,
                (job, jpeg) -> card.execute(Card.of(job, JobResult.of(job, outputDir), jpeg), page))) {
            jobs.forEach(job -> {
                if (isShown(job)) {
                    pictures.add(job);
                }
            });
            pictures.finish();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        template("end.mustache").execute(new End(script), page);
        page.flush();
    }

    private record End(String script) {}

    private boolean isShown(JobRecord job) {
        int all = reports.totals().all().jobs();
        if (all <= MAX_JOBS) {
            return true;
        }
        if (job.state() != JobState.STORED) {
            return failuresShown++ < MAX_JOBS - SAMPLE;
        }
        return job.plan().index() % (all / SAMPLE) == 0;
    }

    private static Template template(String name) throws IOException {
        return Mustache.compiler()
                .emptyStringIsFalse(true)
                .zeroIsFalse(true)
                .withLoader(other -> new java.io.StringReader(resource(other)))
                .compile(resource(name));
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = ReportPage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException(name + " is missing from the application");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** As a content security policy names what may run. */
    private static String hash(String inline) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(inline.getBytes(StandardCharsets.UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
