package io.reelbatch.domain.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Runs the same thing in several threads at the same moment. */
public final class Together {
    private Together() {}

    /** Something that one of the threads does. */
    @FunctionalInterface
    public interface Task<T> {
        T run() throws Exception;
    }

    /** Makes a task for each number from 0, starts them at once and gives their results in that order. */
    public static <T> List<T> run(int threads, IntFunction<Task<T>> taskOf) throws Exception {
        CyclicBarrier start = new CyclicBarrier(threads);
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<T>> futures = IntStream.range(0, threads)
                    .mapToObj(taskOf)
                    .map(task -> executor.submit(() -> {
                        start.await(1, TimeUnit.MINUTES);
                        return task.run();
                    }))
                    .toList();
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get(5, TimeUnit.MINUTES));
            }
            return results;
        } finally {
            executor.shutdownNow();
        }
    }
}
