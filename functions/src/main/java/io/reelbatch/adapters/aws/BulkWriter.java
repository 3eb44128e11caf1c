package io.reelbatch.adapters.aws;

import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.errors.StoreException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.PutRequest;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** Writes many jobs fast: several requests of up to 25 at once, and a bounded number of them waiting. */
final class BulkWriter {
    private static final int ITEMS_PER_REQUEST = 25;
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
            List<WriteRequest> group = new ArrayList<>(ITEMS_PER_REQUEST);
            int chars = 0;
            for (JobRecord job : jobs) {
                Map<String, AttributeValue> item = Items.of(job);
                group.add(WriteRequest.builder()
                        .putRequest(PutRequest.builder().item(item).build())
                        .build());
                chars += Items.doc(item).length();
                if (group.size() == ITEMS_PER_REQUEST || chars > CHARS_PER_REQUEST) {
                    underWay.add(submit(executor, group));
                    group = new ArrayList<>(ITEMS_PER_REQUEST);
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

    private Future<?> submit(ExecutorService executor, List<WriteRequest> group) {
        return executor.submit(() -> {
            Deque<List<WriteRequest>> left = new ArrayDeque<>(List.of(group));
            Patience.untilSettled(
                    () -> {
                        List<WriteRequest> unprocessed = table.putAll(WHAT, left.remove());
                        left.add(unprocessed);
                        return unprocessed.isEmpty() ? Optional.of(true) : Optional.empty();
                    },
                    () -> table.contended(WHAT));
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
