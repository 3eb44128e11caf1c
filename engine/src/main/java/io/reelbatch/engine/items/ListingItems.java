package io.reelbatch.engine.items;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Iterator;
import java.util.Optional;
import java.util.stream.Stream;

/** The objects of a listing. */
public final class ListingItems implements ItemSource {
    private final Stream<JsonNode> stream;
    private final Iterator<JsonNode> items;

    /** Items of a stream, which is closed with them. */
    public ListingItems(Stream<JsonNode> stream) {
        this.stream = stream;
        this.items = stream.iterator();
    }

    @Override
    public Optional<JsonNode> next() throws IOException {
        try {
            return items.hasNext() ? Optional.of(items.next()) : Optional.empty();
        } catch (java.io.UncheckedIOException e) {
            throw e.getCause();
        }
    }

    @Override
    public void close() {
        stream.close();
    }
}
