package io.reelbatch.cli.stack;

import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.job.StoredOutput;
import io.reelbatch.domain.store.BatchFolder;
import io.reelbatch.domain.store.JobStore;
import io.reelbatch.domain.store.ObjectStore;
import io.reelbatch.domain.store.ObjectStore.StoredObject;
import io.reelbatch.domain.store.ObjectWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Copies a batch's files from one store to another: first the outputs, each verified by the digest in its job's record, then
 * the reports, the manifest last. A file that is there already with the right digest is left alone.
 */
public final class Pull {
    private static final int AT_ONCE = 8;
    private static final int AHEAD = 64;
    private static final int TRIES = 3;
    private static final String MANIFEST = "manifest.json";

    private final BatchFolder folder;
    private final JobStore jobs;
    private final ObjectStore from;
    private final ObjectStore to;
    private final Runnable step;
    private final List<String> missing = new ArrayList<>();
    private Optional<IOException> broken = Optional.empty();
    private int fetched;
    private int present;
    private long bytes;
    private int withoutFile;

    /**
     * Copies nothing yet.
     *
     * @param jobs has the batch's records
     * @param step called whenever a job's files are dealt with, by one thread at a time
     */
    public Pull(String batchId, JobStore jobs, ObjectStore from, ObjectStore to, Runnable step) {
        this.folder = new BatchFolder(batchId);
        this.jobs = jobs;
        this.from = from;
        this.to = to;
        this.step = step;
    }

    /**
     * What became of the files.
     *
     * @param fetched outputs that were copied
     * @param present outputs that were there already
     * @param bytes of what was copied, reports included
     * @param missing a sentence for each output that should be in the bucket and is not, or is another one
     * @param withoutFile jobs that have no output: failed, or not finished
     */
    public record Pulled(int fetched, int present, long bytes, List<String> missing, int withoutFile) {
        /** Whether every job's files are there. */
        public boolean isWhole() {
            return missing.isEmpty() && withoutFile == 0;
        }
    }

    /**
     * Copies what is not there yet.
     *
     * @throws IOException if a store cannot be read or written; what was copied stays, and another call goes on from there
     */
    public Pulled run() throws IOException {
        ThreadPoolExecutor workers = new ThreadPoolExecutor(
                AT_ONCE,
                AT_ONCE,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(AHEAD),
                new ThreadPoolExecutor.CallerRunsPolicy());
        try {
            jobs.forEachJob(folder.batchId(), job -> {
                if (!isBroken()) {
                    workers.execute(() -> pull(job));
                }
            });
        } finally {
            workers.shutdown();
            awaitAll(workers);
        }
        if (broken.isPresent()) {
            throw broken.get();
        }
        pullReports();
        return new Pulled(fetched, present, bytes, List.copyOf(missing), withoutFile);
    }

    private static void awaitAll(ThreadPoolExecutor workers) throws IOException {
        try {
            if (!workers.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS)) {
                throw new IOException("the downloads do not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private synchronized boolean isBroken() {
        return broken.isPresent();
    }

    private void pull(JobRecord job) {
        if (isBroken()) {
            return;
        }
        if (job.outputs().isEmpty()) {
            count(() -> withoutFile++);
        }
        for (StoredOutput output : job.outputs()) {
            try {
                pull(output);
            } catch (IOException e) {
                breakOff(e);
            }
        }
        count(step);
    }

    private synchronized void breakOff(IOException e) {
        broken = broken.or(() -> Optional.of(e));
    }

    private synchronized void count(Runnable change) {
        change.run();
    }

    private void pull(StoredOutput output) throws IOException {
        String key = folder.visible(output.path());
        if (isThere(key, output)) {
            count(() -> present++);
            return;
        }
        for (int left = TRIES; left > 0; left--) {
            try {
                if (copy(key, Optional.of(output.sha256()))) {
                    count(() -> fetched++);
                } else {
                    count(() ->
                            missing.add(output.path() + ": the object in the bucket is not the one that was stored"));
                }
                return;
            } catch (NoSuchFileException e) {
                count(() -> missing.add(output.path() + ": is not in the bucket any more"));
                return;
            } catch (IOException e) {
                if (left == 1) {
                    throw e;
                }
            }
        }
    }

    private boolean isThere(String key, StoredOutput output) throws IOException {
        if (to.find(key).filter(found -> found.bytes() == output.bytes()).isEmpty()) {
            return false;
        }
        try (DigestInputStream in = new DigestInputStream(to.read(key), sha256())) {
            in.transferTo(OutputStream.nullOutputStream());
            return hex(in).equals(output.sha256());
        }
    }

    /** Copies an object unless its digest is another one than {@code expected}; whether it did. */
    private boolean copy(String key, Optional<String> expected) throws IOException {
        try (InputStream source = from.read(key);
                DigestInputStream in = new DigestInputStream(source, sha256());
                ObjectWriter out = to.write(key, "application/octet-stream")) {
            long length = in.transferTo(out);
            String found = hex(in);
            if (!expected.orElse(found).equals(found)) {
                return false;
            }
            out.commit();
            count(() -> bytes += length);
            return true;
        }
    }

    private static String hex(DigestInputStream in) {
        return HexFormat.of().formatHex(in.getMessageDigest().digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private void pullReports() throws IOException {
        List<String> reports = new ArrayList<>();
        from.list(folder.prefix(), object -> {
            if (isReport(object)) {
                reports.add(object.key());
            }
        });
        reports.sort(Comparator.comparing(key -> key.endsWith("/" + MANIFEST)));
        for (String key : reports) {
            copy(key, Optional.empty());
        }
    }

    /** Outputs lie in folders, and are verified by their records; the config is the user's own. */
    private boolean isReport(StoredObject object) {
        String path = object.key().substring(folder.prefix().length());
        return !path.contains("/") && !path.startsWith(".") && !path.startsWith("config.");
    }
}
