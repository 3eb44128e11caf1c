package io.reelbatch.engine.items;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Closeable;
import java.io.IOException;
import java.util.Iterator;
import java.util.Optional;

/** Items, one at a time, so that a list of any length takes the memory of one item. */
public interface ItemSource extends Closeable {
    /** The next item; empty after the last. */
    Optional<JsonNode> next() throws IOException;

    /** The items of an iterator in memory. */
    static ItemSource of(Iterator<JsonNode> items) {
        return new ItemSource() {
            @Override
            public Optional<JsonNode> next() {
                return items.hasNext() ? Optional.of(items.next()) : Optional.empty();
            }

            @Override
            public void close() {}
        };
    }
}
