package io.reelbatch.adapters.aws;

import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.errors.StoreException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Writes many new jobs fast: several transactions of up to 25 at once, and a bounded number of them waiting. A job that
 * already has a record keeps it, so that a second, late planning does not undo what was submitted meanwhile.
 */
final class BulkWriter {
    private static final int JOBS_PER_REQUEST = 25;
    /** Large records go in smaller groups, so that a slow line sends one within its timeout. */
    private static final int CHARS_PER_REQUEST = 500_000;

    private static final int THREADS = 8;
    private static final int WAITING = 2 * THREADS;
    private static final String WHAT = "add jobs";

    private final Table table;

    BulkWriter(Table table) {
        this.table = table;
    }

    void write(Iterable<JobRecord> jobs) {
        ExecutorService executor = Executors.newFixedThreadPool(THREADS);
        try {
            Deque<Future<?>> underWay = new ArrayDeque<>();
            List<Map<String, AttributeValue>> group = new ArrayList<>(JOBS_PER_REQUEST);
            int chars = 0;
            for (JobRecord job : jobs) {
                Map<String, AttributeValue> item = Items.of(job);
                group.add(item);
                chars += Items.doc(item).length();
                if (group.size() == JOBS_PER_REQUEST || chars > CHARS_PER_REQUEST) {
                    underWay.add(submit(executor, group));
                    group = new ArrayList<>(JOBS_PER_REQUEST);
                    chars = 0;
                }
                if (underWay.size() > WAITING) {
                    await(underWay.remove());
                }
            }
            if (!group.isEmpty()) {
                underWay.add(submit(executor, group));
            }
            underWay.forEach(BulkWriter::await);
        } finally {
            executor.shutdownNow();
        }
    }

    private Future<?> submit(ExecutorService executor, List<Map<String, AttributeValue>> group) {
        return executor.submit(() -> {
            if (!table.putAllNew(WHAT, group)) {
                group.forEach(item -> table.putNew(WHAT, item));
            }
        });
    }

    private static void await(Future<?> request) {
        try {
            request.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException("interrupted while adding jobs; plan the batch again", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StoreException failure) {
                throw failure;
            }
            throw new StoreException("cannot add jobs: " + e.getCause(), e);
        }
    }
}
