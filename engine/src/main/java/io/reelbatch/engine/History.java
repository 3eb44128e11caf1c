package io.reelbatch.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** The events of one execution. Written on its strand; read from anywhere. */
final class History {
    static final int LIMIT = 25_000;

    private final String executionArn;
    private final Scheduler clock;
    private final HistorySink sink;
    private final List<HistoryEvent> events = new ArrayList<>();

    History(String executionArn, Scheduler clock, HistorySink sink) {
        this.executionArn = executionArn;
        this.clock = clock;
        this.sink = sink;
    }

    /** Records an event without details; gives its id. */
    long add(String type, long previous) {
        return add(type, previous, Json.object());
    }

    /** Records an event whose details stand under {@code name}; gives its id. */
    long add(String type, long previous, String name, ObjectNode details) {
        ObjectNode named = Json.object();
        named.set(name, details);
        return add(type, previous, named);
    }

    private long add(String type, long previous, ObjectNode details) {
        HistoryEvent event;
        synchronized (events) {
            event = new HistoryEvent(events.size() + 1L, previous, clock.now(), type, details);
            events.add(event);
        }
        sink.recorded(executionArn, event);
        return event.id();
    }

    int size() {
        synchronized (events) {
            return events.size();
        }
    }

    List<HistoryEvent> snapshot() {
        synchronized (events) {
            return List.copyOf(events);
        }
    }
}
