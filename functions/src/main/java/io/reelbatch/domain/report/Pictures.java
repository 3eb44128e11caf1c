package io.reelbatch.domain.report;

import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.job.StoredOutput;
import io.reelbatch.domain.store.BatchFolder;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;

/**
 * The jobs of a page with the pictures that are embedded in it, in their order. Thumbnails are read ahead, several at once: in
 * S3 each takes as long as a request. Not safe for use by many threads.
 */
final class Pictures implements AutoCloseable {
    /** Characters of embedded pictures; what comes after links to the file, which browsers fetch when it is scrolled to. */
    private static final int ROOM = 4_000_000;
    /** Thumbnails that were not kept when the output was stored and are made now. */
    private static final int MAX_MADE_NOW = 100;

    private static final int READERS = 8;
    private static final int AHEAD = 2 * READERS;

    private final Thumbnails thumbnails;
    private final BatchFolder folder;
    private final BiConsumer<JobRecord, String> action;
    private final ExecutorService readers = Executors.newFixedThreadPool(READERS);
    private final Deque<Ahead> ahead = new ArrayDeque<>();
    private int embedded;
    private int madeNow;

    /**
     * Pictures for one page.
     *
     * @param action takes each job, and its picture as a JPEG in Base64; empty where the page has no room for it, or there is none
     */
    Pictures(Thumbnails thumbnails, BatchFolder folder, BiConsumer<JobRecord, String> action) {
        this.thumbnails = thumbnails;
        this.folder = folder;
        this.action = action;
    }

    /** A job whose thumbnail is being read. */
    private record Ahead(JobRecord job, CompletableFuture<Optional<byte[]>> kept) {}

    /** Takes the next job; it is handed on a few jobs later. */
    void add(JobRecord job) {
        ahead.add(new Ahead(
                job,
                image(job)
                        .filter(image -> hasRoom())
                        .map(image -> CompletableFuture.supplyAsync(() -> thumbnails.find(folder, image), readers))
                        .orElseGet(() -> CompletableFuture.completedFuture(Optional.empty()))));
        if (ahead.size() > AHEAD) {
            handOn(ahead.remove());
        }
    }

    /** Hands on the jobs that are left. */
    void finish() {
        while (!ahead.isEmpty()) {
            handOn(ahead.remove());
        }
    }

    private void handOn(Ahead next) {
        Optional<byte[]> kept = next.kept().join();
        Optional<byte[]> jpeg = hasRoom() ? kept.or(() -> make(next.job())) : Optional.empty();
        String picture = jpeg.map(Base64.getEncoder()::encodeToString).orElse("");
        embedded += picture.length();
        action.accept(next.job(), picture);
    }

    private Optional<byte[]> make(JobRecord job) {
        return image(job).filter(image -> madeNow++ < MAX_MADE_NOW).flatMap(image -> thumbnails.make(folder, image));
    }

    private boolean hasRoom() {
        return embedded < ROOM;
    }

    private static Optional<StoredOutput> image(JobRecord job) {
        return job.outputs().stream()
                .findFirst()
                .filter(output -> output.contentType().startsWith("image/"));
    }

    @Override
    public void close() {
        readers.shutdownNow();
    }
}
