package io.reelbatch.handlers;

import io.reelbatch.domain.store.ObjectStore;
import io.reelbatch.domain.store.ObjectWriter;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A store that is opened by its first use. */
final class LazyObjectStore implements ObjectStore {
    private final Lazy<ObjectStore> store;

    LazyObjectStore(Supplier<ObjectStore> opener) {
        this.store = new Lazy<>(opener);
    }

    @Override
    public Optional<StoredObject> find(String key) throws IOException {
        return store.get().find(key);
    }

    @Override
    public InputStream read(String key) throws IOException {
        return store.get().read(key);
    }

    @Override
    public ObjectWriter write(String key, String contentType) throws IOException {
        return store.get().write(key, contentType);
    }

    @Override
    public void copy(String fromKey, String toKey) throws IOException {
        store.get().copy(fromKey, toKey);
    }

    @Override
    public String location(String key) {
        return store.get().location(key);
    }

    @Override
    public boolean adopt(String location, String toKey) throws IOException {
        return store.get().adopt(location, toKey);
    }

    @Override
    public void list(String prefix, Consumer<StoredObject> action) throws IOException {
        store.get().list(prefix, action);
    }

    @Override
    public void delete(String key) throws IOException {
        store.get().delete(key);
    }

    @Override
    public void close() {
        if (store.isMade()) {
            store.get().close();
        }
    }
}
