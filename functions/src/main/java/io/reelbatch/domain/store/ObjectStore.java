package io.reelbatch.domain.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Stores files: configs, plans, outputs, reports. Keys are relative, separated by slashes, and never leave the store's
 * root: one that {@link ObjectKeys#check} refuses is an {@link IllegalArgumentException}. No key is also the folder of
 * another, as {@code a} is of {@code a/b}. A reader sees an object whole or not at all. Safe for use by many threads.
 */
public interface ObjectStore extends AutoCloseable {

    /** What is known of an object without reading it. */
    Optional<StoredObject> find(String key) throws IOException;

    /**
     * Opens an object for reading from its start. The caller closes it.
     *
     * @throws NoSuchFileException if there is none
     */
    InputStream read(String key) throws IOException;

    /** Starts an object, which replaces an older one when the writer commits. Memory stays bounded whatever its size. */
    ObjectWriter write(String key, String contentType) throws IOException;

    /**
     * Copies an object of at most 5 GB within the store; replaces the target.
     *
     * @throws NoSuchFileException if there is none
     */
    void copy(String fromKey, String toKey) throws IOException;

    /** Names an object for {@link #adopt}, also to the stores of later batches. There need not be one yet. */
    String location(String key);

    /**
     * Copies an object in from where a {@link #location} says, replacing the target. What is found may be another object
     * than it was: the caller verifies it.
     *
     * @return false if there is none any more, or this store cannot reach it
     */
    boolean adopt(String location, String toKey) throws IOException;

    /** Hands over every object whose key starts with {@code prefix}, in {@link ObjectKeys#ORDER}. */
    void list(String prefix, Consumer<StoredObject> action) throws IOException;

    /** Removes an object; nothing happens when there is none. */
    void delete(String key) throws IOException;

    @Override
    void close();

    /**
     * An object in the store.
     *
     * @param bytes its length
     */
    record StoredObject(String key, long bytes) {}
}
