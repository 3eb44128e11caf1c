package io.reelbatch.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.engine.asl.Definition;
import io.reelbatch.engine.asl.Distribution;
import io.reelbatch.engine.asl.QueryException;
import io.reelbatch.engine.asl.State;
import io.reelbatch.engine.asl.Template;
import io.reelbatch.engine.items.ItemSource;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** A Map Run: items read piece by piece, a child execution for each item or batch, results as they come. */
final class DistributedMapRun implements Branch.Work {
    /** How many child executions Step Functions runs at once. */
    private static final int MOST_AT_ONCE = 10_000;
    /** How many items are read in one go, and how many of them lie ready. */
    private static final int CHUNK = 256;

    private final Branch parent;
    private final Visit visit;
    private final State.Map map;
    private final Distribution distribution;
    private final EngineCore core;
    private final Deque<JsonNode> ready = new ArrayDeque<>();
    private final Map<Integer, ExecutionRun> active = new LinkedHashMap<>();
    private final String runId;
    private final ExecutionRun.Identity family;
    private final String mapRunArn;
    private Tolerance tolerance = new Tolerance(OptionalLong.empty(), OptionalDouble.empty());
    private Batches batches = Batches.NONE;
    private @Nullable MapItems items;
    private @Nullable MapResults results;
    private @Nullable ItemSource source;
    private int limit;
    private int itemsTaken;
    private int started;
    private int failures;
    private boolean reading;
    private boolean allRead;
    private boolean over;

    /** How many failed items a Map Run bears: none, unless a limit is given; if both are, neither may be exceeded. */
    private record Tolerance(OptionalLong count, OptionalDouble percentage) {
        boolean exceeded(long failed, long total, boolean totalKnown) {
            if (count.isEmpty() && percentage.isEmpty()) {
                return failed > 0;
            }
            return (count.isPresent() && failed > count.getAsLong())
                    || (percentage.isPresent() && totalKnown && failed * 100.0 > percentage.getAsDouble() * total);
        }
    }

    /** How items are put together; no batches if {@code most} is 0. */
    private record Batches(int most, long bytes, Optional<JsonNode> input) {
        static final Batches NONE = new Batches(0, Long.MAX_VALUE, Optional.empty());
    }

    DistributedMapRun(Branch parent, Visit visit, State.Map map) {
        this.parent = parent;
        this.visit = visit;
        this.map = map;
        this.distribution = map.distribution().orElseThrow();
        this.core = parent.run().core();
        this.runId = core.newId();
        ExecutionRun.Identity own = parent.run().identity();
        String label = distribution.label().orElseGet(core::newId);
        String name = own.machineName() + "/" + label;
        this.family = new ExecutionRun.Identity(
                EngineCore.ARN_PREFIX + "execution:" + name + ":", "", own.machineArn() + "/" + label, name);
        this.mapRunArn = EngineCore.ARN_PREFIX + "mapRun:" + name + ":" + runId;
    }

    @Override
    public void begin() throws QueryException {
        items = MapItems.of(map, distribution, visit, core.objects());
        results = MapResults.of(distribution.writer(), visit, core.objects(), mapRunArn, runId);
        limit = MapRun.concurrency(map, visit, MOST_AT_ONCE, core.mapConcurrencyLimit());
        tolerance = tolerance();
        batches = batches();
        ObjectNode length = Json.object().put("length", items.knownLength());
        parent.record("MapStateStarted", "mapStateStartedEventDetails", length);
        parent.record(
                "MapRunStarted", "mapRunStartedEventDetails", Json.object().put("mapRunArn", mapRunArn));
        read();
    }

    private Tolerance tolerance() throws QueryException {
        Optional<Template> count = distribution.toleratedCount();
        Optional<Template> percentage = distribution.toleratedPercentage();
        return new Tolerance(
                count.isPresent()
                        ? OptionalLong.of(Values.whole(count.get(), visit, "ToleratedFailureCount"))
                        : OptionalLong.empty(),
                percentage.isPresent()
                        ? OptionalDouble.of(Values.number(percentage.get(), visit))
                        : OptionalDouble.empty());
    }

    private Batches batches() throws QueryException {
        if (distribution.batcher().isEmpty()) {
            return Batches.NONE;
        }
        Distribution.Batcher batcher = distribution.batcher().get();
        long most = batcher.maxItems().isPresent()
                ? Values.whole(batcher.maxItems().get(), visit, "ItemBatcher/MaxItemsPerBatch")
                : CHUNK;
        long bytes = batcher.maxBytes().isPresent()
                ? Values.whole(batcher.maxBytes().get(), visit, "ItemBatcher/MaxInputBytesPerBatch")
                : 262_144;
        Optional<JsonNode> input = batcher.batchInput().isPresent()
                ? Optional.of(batcher.batchInput().get().evaluate(visit))
                : Optional.empty();
        return new Batches((int) Math.min(most, Integer.MAX_VALUE), bytes, input);
    }

    /** Has more items read, on the executor, if more are wanted. */
    private void read() {
        if (reading || allRead || over || ready.size() >= Math.max(CHUNK, batches.most)) {
            return;
        }
        reading = true;
        try {
            core.executor().execute(this::readChunk);
        } catch (RejectedExecutionException e) {
            unreadable(new IOException("the executor takes no work: " + e.getMessage(), e));
        }
    }

    private void readChunk() {
        List<JsonNode> chunk = new ArrayList<>();
        try {
            ItemSource open = source();
            Optional<JsonNode> item = open.next();
            while (item.isPresent()) {
                chunk.add(item.get());
                item = chunk.size() < CHUNK ? open.next() : Optional.empty();
            }
            boolean last = chunk.size() < CHUNK;
            parent.run().inTurn(() -> chunkRead(chunk, last));
        } catch (IOException | RuntimeException e) {
            parent.run().inTurn(() -> unreadable(e));
        }
    }

    private ItemSource source() throws IOException {
        ItemSource open = source;
        if (open == null) {
            if (items == null) {
                throw new IOException("the items were not evaluated");
            }
            open = items.open();
            source = open;
        }
        return open;
    }

    private void chunkRead(List<JsonNode> chunk, boolean last) {
        reading = false;
        if (over) {
            closeSource();
            return;
        }
        ready.addAll(chunk);
        if (last) {
            allRead = true;
            closeSource();
        }
        proceed();
    }

    private void unreadable(Exception e) {
        reading = false;
        closeSource();
        if (!over) {
            fail(Failure.of(Failure.ITEM_READER_FAILED, String.valueOf(e.getMessage())));
        }
    }

    private void closeSource() {
        if (source != null) {
            try {
                source.close();
            } catch (IOException e) {
                // Everything that was wanted has been read.
            }
        }
    }

    /** Starts what may be started, reads what may be read, and ends when there is nothing left. */
    private void proceed() {
        try {
            while (!over && active.size() < limit && nextInputIsComplete()) {
                startChild(takeInput());
            }
            read();
            if (!over && allRead && ready.isEmpty() && active.isEmpty()) {
                finish();
            }
        } catch (QueryException e) {
            cancel();
            parent.evaluationFailed(visit, e);
        } catch (IOException e) {
            fail(Failure.of(Failure.RESULT_WRITER_FAILED, String.valueOf(e.getMessage())));
        }
    }

    private boolean nextInputIsComplete() {
        return !ready.isEmpty() && (allRead || ready.size() >= batches.most);
    }

    private record Input(JsonNode value, ObjectNode context) {}

    private Input takeInput() throws QueryException {
        ObjectNode context = context(itemsTaken, ready.element());
        if (batches.most == 0) {
            return new Input(selected(context), context);
        }
        ObjectNode batch = Json.object();
        batches.input.ifPresent(input -> batch.set("BatchInput", input));
        ArrayNode list = batch.putArray("Items");
        long size = Json.size(batch);
        while (!ready.isEmpty() && list.size() < batches.most) {
            JsonNode next = ready.element();
            size += Json.size(next) + 1;
            if (!list.isEmpty() && size > batches.bytes) {
                break;
            }
            list.add(selected(context(itemsTaken, next)));
        }
        return new Input(batch, context);
    }

    private ObjectNode context(int index, JsonNode value) {
        ObjectNode context = Json.object();
        ObjectNode item = context.putObject("Item");
        item.put("Index", index);
        item.set("Value", value);
        return context;
    }

    private JsonNode selected(ObjectNode context) throws QueryException {
        JsonNode item = ready.remove();
        itemsTaken++;
        return map.selector().isPresent() ? map.selector().get().evaluate(visit.forItem(context)) : item;
    }

    private void startChild(Input input) {
        int index = started++;
        String name = core.newId();
        ExecutionRun.Identity identity =
                new ExecutionRun.Identity(family.arn() + name, name, family.machineArn(), family.machineName());
        ExecutionRun child = new ExecutionRun(
                core, identity, new Definition(map.processor(), Optional.empty()), input.value, input.context);
        active.put(index, child);
        parent.run().countTransitions(1);
        child.whenEnded(result -> parent.run().inTurn(() -> childEnded(index, child, result)));
        child.start();
    }

    private void childEnded(int index, ExecutionRun child, ExecutionResult result) {
        parent.run().countTransitions(result.transitions());
        if (over) {
            return;
        }
        active.remove(index);
        try {
            results().add(index, child, result);
            if (result.status() != ExecutionResult.Status.SUCCEEDED) {
                failures++;
            }
            if (tolerance.exceeded(failures, started + ready.size(), allRead)) {
                exceeded();
                return;
            }
        } catch (IOException e) {
            fail(Failure.of(Failure.RESULT_WRITER_FAILED, String.valueOf(e.getMessage())));
            return;
        }
        proceed();
    }

    private MapResults results() {
        if (results == null) {
            throw new IllegalStateException("a child ended before the Map Run began");
        }
        return results;
    }

    private void exceeded() throws IOException {
        MapResults files = results();
        Map<Integer, ExecutionRun> stopped = new LinkedHashMap<>(active);
        active.clear();
        over = true;
        for (Map.Entry<Integer, ExecutionRun> child : stopped.entrySet()) {
            files.addPending(child.getValue().input());
            child.getValue().stop();
        }
        for (JsonNode pending : ready) {
            files.addPending(pending);
        }
        files.finish();
        if (!reading) {
            closeSource();
        }
        failRun(Failure.of(Failure.TOLERATED_EXCEEDED, "The specified tolerated failure threshold was exceeded"));
    }

    private void finish() throws IOException {
        over = true;
        Optional<JsonNode> result = results().finish();
        if (result.isEmpty()) {
            failRun(Failure.of(
                    Failure.DATA_LIMIT,
                    "The state/task '" + map.name()
                            + "' returned a result with a size exceeding the maximum number of bytes service limit."));
            return;
        }
        parent.recordAside("MapRunSucceeded");
        parent.recordAside("MapStateSucceeded");
        parent.succeeded(visit, map.outcome(), result.get());
    }

    private void fail(Failure failure) {
        cancel();
        failRun(failure);
    }

    private void failRun(Failure failure) {
        parent.record("MapRunFailed", "mapRunFailedEventDetails", ExecutionRun.details(failure));
        parent.failed(visit, failure, "MapStateFailed");
    }

    @Override
    public void cancel() {
        over = true;
        List<ExecutionRun> children = List.copyOf(active.values());
        active.clear();
        children.forEach(ExecutionRun::stop);
        if (!reading) {
            closeSource();
        }
    }
}
