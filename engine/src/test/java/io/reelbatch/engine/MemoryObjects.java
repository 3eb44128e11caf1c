package io.reelbatch.engine;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;

/** Buckets in memory. */
final class MemoryObjects implements ObjectPort {
    private final Map<String, byte[]> objects = new ConcurrentSkipListMap<>();

    void put(String bucket, String key, String text) {
        objects.put(bucket + "/" + key, text.getBytes(StandardCharsets.UTF_8));
    }

    String text(String bucket, String key) throws IOException {
        return new String(open(bucket, key).readAllBytes(), StandardCharsets.UTF_8);
    }

    @Override
    public InputStream open(String bucket, String key) throws IOException {
        byte[] bytes = objects.get(bucket + "/" + key);
        if (bytes == null) {
            throw new FileNotFoundException("The specified key does not exist: " + key);
        }
        return new ByteArrayInputStream(bytes);
    }

    @Override
    public Stream<ObjectSummary> list(String bucket, String prefix) {
        String start = bucket + "/" + prefix;
        return objects.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(start))
                .map(entry -> new ObjectSummary(
                        entry.getKey().substring(bucket.length() + 1),
                        entry.getValue().length,
                        "\"etag\"",
                        Instant.parse("2026-01-01T00:00:00Z"),
                        "STANDARD"));
    }

    @Override
    public OutputStream create(String bucket, String key) {
        return new ByteArrayOutputStream() {
            @Override
            public void close() {
                objects.put(bucket + "/" + key, toByteArray());
            }
        };
    }
}
