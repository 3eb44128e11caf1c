package io.reelbatch.engine;

/** Where the histories of finished executions go, child executions of Distributed Maps included. */
@FunctionalInterface
public interface HistorySink {
    /** Takes one finished execution; called once for each, on the thread that finished it. */
    void finished(ExecutionHistory history);

    /** Sees each event as it is recorded, on the thread that records it; it must be quick. Does nothing by default. */
    default void recorded(String executionArn, HistoryEvent event) {}
}
