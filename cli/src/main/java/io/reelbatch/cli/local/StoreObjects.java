package io.reelbatch.cli.local;

import io.reelbatch.domain.store.ObjectStore;
import io.reelbatch.domain.store.ObjectStore.StoredObject;
import io.reelbatch.domain.store.ObjectWriter;
import io.reelbatch.engine.ObjectPort;
import java.io.FileNotFoundException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The object store as the engine's Distributed Map sees it. */
record StoreObjects(ObjectStore store) implements ObjectPort {
    @Override
    public InputStream open(String bucket, String key) throws IOException {
        try {
            return store.read(key);
        } catch (NoSuchFileException e) {
            FileNotFoundException missing = new FileNotFoundException(bucket + "/" + key);
            missing.initCause(e);
            throw missing;
        }
    }

    @Override
    public Stream<ObjectSummary> list(String bucket, String prefix) throws IOException {
        List<StoredObject> found = new ArrayList<>();
        store.list(prefix, found::add);
        return found.stream()
                .map(object -> new ObjectSummary(object.key(), object.bytes(), "\"\"", Instant.EPOCH, "STANDARD"));
    }

    @Override
    public OutputStream create(String bucket, String key) throws IOException {
        ObjectWriter writer = store.write(key, "application/json");
        return new FilterOutputStream(writer) {
            private boolean whole = true;

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                whole = false;
                out.write(bytes, offset, length);
                whole = true;
            }

            @Override
            public void close() throws IOException {
                try (writer) {
                    if (whole) {
                        writer.commit();
                    }
                }
            }
        };
    }
}
