package io.reelbatch.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.engine.asl.Distribution;
import io.reelbatch.engine.asl.QueryException;
import io.reelbatch.engine.asl.State;
import io.reelbatch.engine.items.CsvItems;
import io.reelbatch.engine.items.ItemSource;
import io.reelbatch.engine.items.JsonItems;
import io.reelbatch.engine.items.JsonLines;
import io.reelbatch.engine.items.ListingItems;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Opens the items of a Distributed Map: those of its state, or those its ItemReader reads through the caller's port. */
final class MapItems {
    private final Optional<Distribution.Reader> reader;
    private final JsonNode place;
    private final JsonNode items;
    private final Optional<ObjectPort> objects;
    private final long most;
    private long given;

    private MapItems(
            Optional<Distribution.Reader> reader,
            JsonNode place,
            JsonNode items,
            Optional<ObjectPort> objects,
            long most) {
        this.reader = reader;
        this.place = place;
        this.items = items;
        this.objects = objects;
        this.most = most;
    }

    /** Evaluates where the items are; opens nothing yet. */
    static MapItems of(State.Map map, Distribution distribution, Visit visit, Optional<ObjectPort> objects)
            throws QueryException {
        Optional<Distribution.Reader> reader = distribution.reader();
        if (reader.isEmpty()) {
            return new MapItems(reader, Json.object(), MapRun.items(map, visit), objects, Long.MAX_VALUE);
        }
        JsonNode place = reader.get().arguments().evaluate(visit);
        long most = reader.get().maxItems().isPresent()
                ? Values.whole(reader.get().maxItems().get(), visit, "ItemReader/ReaderConfig/MaxItems")
                : 0;
        return new MapItems(reader, place, Json.MAPPER.createArrayNode(), objects, most == 0 ? Long.MAX_VALUE : most);
    }

    /** How many items there are, as the history tells before any is read. */
    int knownLength() {
        return items.size();
    }

    /** What the Context object calls the source of the items. */
    String source() {
        return reader.isEmpty() ? "STATE_DATA" : "S3";
    }

    ItemSource open() throws IOException {
        ItemSource source = reader.isPresent() ? read(reader.get()) : ItemSource.of(items.iterator());
        return most == Long.MAX_VALUE ? source : limited(source);
    }

    private ItemSource read(Distribution.Reader config) throws IOException {
        ObjectPort port = objects.orElseThrow(() -> new IOException("this engine was built without objects"));
        String bucket = place.path("Bucket").asText();
        if (config.inputType() == Distribution.InputType.LISTING) {
            return new ListingItems(
                    port.list(bucket, place.path("Prefix").asText()).map(MapItems::listed));
        }
        InputStream input = port.open(bucket, place.path("Key").asText());
        try {
            return switch (config.inputType()) {
                case JSON -> new JsonItems(input, config.pointer());
                case JSONL -> new JsonLines(input);
                default -> new CsvItems(input, config.headers(), config.delimiter());
            };
        } catch (IOException e) {
            input.close();
            throw e;
        }
    }

    private static JsonNode listed(ObjectPort.ObjectSummary object) {
        ObjectNode item = Json.object();
        item.put("Etag", object.etag());
        item.put("Key", object.key());
        item.put("LastModified", object.lastModified().getEpochSecond());
        item.put("Size", object.size());
        item.put("StorageClass", object.storageClass());
        return item;
    }

    private ItemSource limited(ItemSource source) {
        return new ItemSource() {
            @Override
            public Optional<JsonNode> next() throws IOException {
                return given++ < most ? source.next() : Optional.empty();
            }

            @Override
            public void close() throws IOException {
                source.close();
            }
        };
    }
}
