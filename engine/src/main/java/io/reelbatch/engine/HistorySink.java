package io.reelbatch.engine;

/** Where the histories of finished executions go, child executions of Distributed Maps included. */
@FunctionalInterface
public interface HistorySink {
    /** Takes one finished execution; called once for each, on the thread that finished it. */
    void finished(ExecutionHistory history);
}
