package io.reelbatch.cli.simulator;

import java.net.http.HttpRequest;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/** Brings the simulator's callbacks to whoever asked for them. */
@FunctionalInterface
public interface Courier {
    /**
     * Sends what is to be sent, and tells nobody whether it arrived.
     *
     * @param due by the simulator's clock
     * @param requests asked for when they are due; none, one or several
     */
    void deliver(Instant due, Supplier<List<HttpRequest>> requests);
}
