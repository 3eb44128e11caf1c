package io.reelbatch.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.engine.asl.QueryException;
import io.reelbatch.engine.asl.State;
import io.reelbatch.engine.asl.Template;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The iterations of an inline Map at work. */
final class MapRun implements Branch.Work {
    /** How many iterations of an inline Map Step Functions runs at once. */
    private static final int MOST_AT_ONCE = 40;

    private final Branch parent;
    private final Visit visit;
    private final State.Map map;
    private final Map<Integer, Branch> active = new LinkedHashMap<>();
    private JsonNode items = Json.MAPPER.createArrayNode();
    private JsonNode[] outputs = {};
    private int limit = MOST_AT_ONCE;
    private int next;
    private int done;
    private long started;
    private boolean over;

    MapRun(Branch parent, Visit visit, State.Map map) {
        this.parent = parent;
        this.visit = visit;
        this.map = map;
    }

    @Override
    public void begin() throws QueryException {
        items = items(map, visit);
        outputs = new JsonNode[items.size()];
        limit = concurrency(map, visit, MOST_AT_ONCE, parent.run().core().mapConcurrencyLimit());
        ObjectNode details = Json.object().put("length", items.size());
        started = parent.record("MapStateStarted", "mapStateStartedEventDetails", details);
        if (items.isEmpty()) {
            succeed(started);
        } else {
            fill(started);
        }
    }

    /** The items of a Map state. */
    static JsonNode items(State.Map map, Visit visit) throws QueryException {
        Optional<Template> template = map.items();
        JsonNode items = template.isPresent() ? template.get().evaluate(visit) : visit.input;
        if (items.isArray()) {
            return items;
        }
        if (items.isObject() && template.isPresent()) {
            return entries(items);
        }
        throw template.isPresent()
                ? Values.unexpected(template.get(), "array", items)
                : new QueryException("Items", "The state's input is not an array: " + items);
    }

    private static ArrayNode entries(JsonNode object) {
        ArrayNode entries = Json.MAPPER.createArrayNode();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            ObjectNode entry = entries.addObject();
            entry.put("Key", field.getKey());
            entry.set("Value", field.getValue());
        }
        return entries;
    }

    /** How many items a Map works on at once. */
    static int concurrency(State.Map map, Visit visit, int most, int cap) throws QueryException {
        if (map.maxConcurrency().isEmpty()) {
            return Math.min(most, cap);
        }
        long asked = Values.whole(map.maxConcurrency().get(), visit, "MaxConcurrency");
        if (asked < 0) {
            throw new QueryException("MaxConcurrency", "The MaxConcurrency field must not be negative: " + asked);
        }
        return (int) Math.min(asked == 0 ? most : Math.min(asked, most), cap);
    }

    private void fill(long previous) throws QueryException {
        while (!over && next < outputs.length && active.size() < limit) {
            iterate(next++, previous);
        }
    }

    private void iterate(int index, long previous) throws QueryException {
        ObjectNode context = Json.object();
        ObjectNode item = context.putObject("Item");
        item.put("Index", index);
        item.set("Value", items.get(index));
        long event = parent.run()
                .history()
                .add("MapIterationStarted", previous, "mapIterationStartedEventDetails", details(index));
        JsonNode input =
                map.selector().isPresent() ? map.selector().get().evaluate(visit.forItem(context)) : items.get(index);
        Branch branch = new Branch(
                parent.run(), map.processor(), new Variables(parent.variables()), context, new Ending(index));
        active.put(index, branch);
        branch.start(input, event);
    }

    private ObjectNode details(int index) {
        return Json.object().put("name", map.name()).put("index", index);
    }

    private void succeed(long lastEvent) {
        parent.continueFrom(lastEvent);
        parent.recordAside("MapStateSucceeded");
        ArrayNode result = Json.MAPPER.createArrayNode();
        result.addAll(List.of(outputs));
        parent.succeeded(visit, map.outcome(), result);
    }

    @Override
    public void cancel() {
        over = true;
        Collection<Branch> branches = List.copyOf(active.values());
        active.clear();
        branches.forEach(Branch::cancel);
    }

    @Override
    public void abort() {
        over = true;
        Map<Integer, Branch> stopped = new LinkedHashMap<>(active);
        active.clear();
        stopped.forEach((index, branch) -> {
            branch.abort();
            parent.run()
                    .history()
                    .add("MapIterationAborted", started, "mapIterationAbortedEventDetails", details(index));
        });
    }

    private final class Ending implements Branch.Completion {
        private final int index;

        Ending(int index) {
            this.index = index;
        }

        @Override
        public void succeeded(JsonNode output, long lastEvent) {
            if (over) {
                return;
            }
            long event = parent.run()
                    .history()
                    .add("MapIterationSucceeded", lastEvent, "mapIterationSucceededEventDetails", details(index));
            outputs[index] = output;
            active.remove(index);
            if (++done == outputs.length) {
                succeed(event);
                return;
            }
            try {
                fill(lastEvent);
            } catch (QueryException e) {
                cancel();
                parent.evaluationFailed(visit, e);
            }
        }

        @Override
        public void failed(Failure failure, long lastEvent) {
            if (over) {
                return;
            }
            parent.run()
                    .history()
                    .add("MapIterationFailed", lastEvent, "mapIterationFailedEventDetails", details(index));
            active.remove(index);
            abort();
            parent.continueFrom(lastEvent);
            parent.failed(visit, failure, "MapStateFailed");
        }
    }
}
