package io.reelbatch.domain.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.parser.Parser;

/**
 * The events of a YAML text. What an anchor covers is recorded, so that an alias reads it again as what its new place asks
 * for: an unquoted 007 is a number in one place and a name in another.
 */
final class YamlEvents {
    private final Parser parser;
    private final Map<String, Anchored> anchors = new HashMap<>();
    private final List<List<Step>> recordings = new ArrayList<>();
    private final Deque<Replay> replays = new ArrayDeque<>();

    /**
     * One event.
     *
     * @param target what an alias stood for when it was read; empty for other events, and for an alias without an anchor
     */
    record Step(Event event, Optional<Anchored> target) {}

    /** What an anchor covers. */
    static final class Anchored {
        private final List<Step> steps;
        private final IdentityHashMap<Shape, JsonNode> nodes = new IdentityHashMap<>();
        private final long weight;
        private final int height;

        private Anchored(List<Step> steps, long weight, int height) {
            this.steps = steps;
            this.weight = weight;
            this.height = height;
        }

        /** How much it holds, everything unfolded. */
        long weight() {
            return weight;
        }

        /** How many levels it has. */
        int height() {
            return height;
        }

        /** As it was read for such a place before. */
        Optional<JsonNode> node(Shape shape) {
            return Optional.ofNullable(nodes.get(shape));
        }

        void remember(Shape shape, JsonNode node) {
            nodes.put(shape, node);
        }
    }

    private static final class Replay {
        private final List<Step> steps;
        private int next;

        Replay(List<Step> steps) {
            this.steps = steps;
        }
    }

    YamlEvents(Parser parser) {
        this.parser = parser;
    }

    Event peek() {
        Replay replay = replays.peek();
        return replay == null
                ? parser.peekEvent()
                : replay.steps.get(replay.next).event();
    }

    boolean at(Event.ID kind) {
        return peek().getEventId() == kind;
    }

    Step next() {
        Replay replay = replays.peek();
        if (replay != null) {
            return replay.steps.get(replay.next++);
        }
        Event event = parser.getEvent();
        Step step = new Step(
                event,
                event instanceof AliasEvent alias
                        ? Optional.ofNullable(anchors.get(alias.getAnchor()))
                        : Optional.empty());
        recordings.forEach(recording -> recording.add(step));
        return step;
    }

    /** Whether events are read again rather than for the first time. */
    boolean replaying() {
        return !replays.isEmpty();
    }

    /** Starts to record what an anchor covers; its first event was read already. */
    void record(Step first) {
        List<Step> steps = new ArrayList<>();
        steps.add(first);
        recordings.add(steps);
    }

    /** Ends the latest recording. */
    Anchored recorded(String anchor, long weight, int height) {
        List<Step> steps = recordings.remove(recordings.size() - 1);
        Anchored anchored = new Anchored(steps, weight, height);
        anchors.put(anchor, anchored);
        return anchored;
    }

    /** Reads what an anchor covers once more, until {@link #replayed}. */
    void replay(Anchored anchored) {
        replays.push(new Replay(anchored.steps));
    }

    void replayed() {
        replays.pop();
    }
}
