package io.reelbatch.cli.local;

import io.reelbatch.domain.store.ObjectKeys;
import io.reelbatch.domain.store.ObjectStore;
import io.reelbatch.domain.store.ObjectWriter;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Objects as plain files in one batch's output folder. {@code batches/<batchId>/images/a.png} is {@code images/a.png} in the
 * folder, so that people find their outputs where they look. Every other key, and those of the batch that start with a dot
 * or with {@code archive}, is a file of the key's own path under {@code .reelbatch/objects/}. Listing the batch also shows
 * what people put into the folder themselves. Symbolic links below the folder are refused. Content types are not kept: the
 * extension tells.
 */
public final class FileObjectStore implements ObjectStore {
    private static final String STATE = ".reelbatch";
    private static final String ARCHIVE = "archive";
    private static final String BETWEEN = "//";

    private final Path root;
    private final Path objects;
    private final Path temporary;
    private final String batchPrefix;

    /**
     * Opens the store of a batch, makes its folders and removes what a killed process was still writing. The caller makes
     * sure that no other process writes there.
     *
     * @param outputDir the batch's output folder; may itself be a symbolic link
     */
    public FileObjectStore(Path outputDir, String batchId) throws IOException {
        this.batchPrefix = ObjectKeys.check("batches/" + batchId) + "/";
        if (batchId.contains("/")) {
            throw new IllegalArgumentException("batch id \"" + batchId + "\" has a slash");
        }
        this.root = Files.createDirectories(outputDir).toRealPath();
        this.objects = root.resolve(STATE).resolve("objects");
        this.temporary = root.resolve(STATE).resolve("tmp");
        Folders.make(root, objects);
        Folders.make(root, temporary);
        removeLeftovers();
    }

    private void removeLeftovers() throws IOException {
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(temporary)) {
            for (Path leftover : leftovers) {
                Files.delete(leftover);
            }
        }
    }

    @Override
    public Optional<StoredObject> find(String key) throws IOException {
        Path file = locate(key);
        return attributes(file)
                .filter(BasicFileAttributes::isRegularFile)
                .map(found -> new StoredObject(key, found.size()));
    }

    @Override
    public InputStream read(String key) throws IOException {
        Path file = locate(key);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new NoSuchFileException(file.toString(), null, "there is no object " + key);
        }
        // Not a channel: interrupting the reader must not close the file under it.
        return new FileInputStream(file.toFile());
    }

    @Override
    public ObjectWriter write(String key, String contentType) throws IOException {
        return new FileObjectWriter(key, root, locate(key), temporary);
    }

    @Override
    public void copy(String fromKey, String toKey) throws IOException {
        ObjectKeys.check(toKey);
        try (InputStream from = read(fromKey);
                ObjectWriter to = write(toKey, "application/octet-stream")) {
            from.transferTo(to);
            to.commit();
        }
    }

    /** The folder and the key, two slashes between them: the folder's batch may be moved to its archive later. */
    @Override
    public String location(String key) {
        return root + BETWEEN + ObjectKeys.check(key);
    }

    @Override
    public boolean adopt(String location, String toKey) throws IOException {
        ObjectKeys.check(toKey);
        for (Path file : candidates(location)) {
            if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                try (InputStream from = new FileInputStream(file.toFile());
                        ObjectWriter to = write(toKey, "application/octet-stream")) {
                    from.transferTo(to);
                    to.commit();
                    return true;
                }
            }
        }
        return false;
    }

    /** Where the file of a batch may be: first its archive, since a newer batch may have a file of the same name. */
    private static List<Path> candidates(String location) {
        int at = location.indexOf(BETWEEN);
        String key = at < 0 ? "" : location.substring(at + BETWEEN.length());
        String[] parts = key.split("/", 3);
        if (!ObjectKeys.isValid(key) || parts.length < 3 || !parts[0].equals("batches") || !isOutput(parts[2])) {
            return List.of();
        }
        Path folder = Path.of(location.substring(0, at));
        return List.of(folder.resolve(ARCHIVE).resolve(parts[1]).resolve(parts[2]), folder.resolve(parts[2]));
    }

    @Override
    public void delete(String key) throws IOException {
        Path file = locate(key);
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            Files.deleteIfExists(file);
            Folders.sync(Folders.parent(file));
        }
    }

    @Override
    public void list(String prefix, Consumer<StoredObject> action) throws IOException {
        walk("", prefix, action);
    }

    @Override
    public void close() {}

    /**
     * Visits what a key's folder holds, gathered from the two places where its files can be. Comparing folders with their
     * slash gives the order of whole keys.
     */
    private void walk(String folder, String prefix, Consumer<StoredObject> action) throws IOException {
        Map<String, Optional<StoredObject>> entries = new TreeMap<>(ObjectKeys.ORDER);
        gather(objects.resolve(folder), folder, entries);
        if (folder.startsWith(batchPrefix)) {
            gather(root.resolve(folder.substring(batchPrefix.length())), folder, entries);
        } else if (batchPrefix.startsWith(folder)) {
            entries.put(batchPrefix.substring(0, batchPrefix.indexOf('/', folder.length()) + 1), Optional.empty());
        }
        for (Map.Entry<String, Optional<StoredObject>> entry : entries.entrySet()) {
            String key = entry.getKey();
            if (entry.getValue().isPresent()) {
                if (key.startsWith(prefix)) {
                    action.accept(entry.getValue().get());
                }
            } else if (key.startsWith(prefix) || prefix.startsWith(key)) {
                walk(key, prefix, action);
            }
        }
    }

    /** Adds the files of a folder, and its folders as keys that end in a slash and have no object. */
    private void gather(Path place, String folder, Map<String, Optional<StoredObject>> entries) throws IOException {
        try (DirectoryStream<Path> children = Files.newDirectoryStream(place)) {
            for (Path child : children) {
                String key = folder + child.getFileName();
                if (!ObjectKeys.isValid(key) || !locate(key).equals(child)) {
                    continue;
                }
                Optional<BasicFileAttributes> found = attributes(child);
                if (found.filter(BasicFileAttributes::isDirectory).isPresent()) {
                    entries.put(key + "/", Optional.empty());
                } else if (found.filter(BasicFileAttributes::isRegularFile).isPresent()) {
                    entries.put(
                            key, Optional.of(new StoredObject(key, found.get().size())));
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            // Nothing was stored there.
        }
    }

    private Path locate(String key) throws IOException {
        ObjectKeys.check(key);
        String inBatch = key.startsWith(batchPrefix) ? key.substring(batchPrefix.length()) : "";
        Path file = isOutput(inBatch) ? root.resolve(inBatch) : objects.resolve(key);
        if (!file.startsWith(root) || !file.normalize().equals(file)) {
            throw new IllegalArgumentException("object key \"" + key + "\" leads out of " + root);
        }
        Folders.refuseLinks(root, Folders.parent(file));
        return file;
    }

    private static boolean isOutput(String inBatch) {
        String first = inBatch.contains("/") ? inBatch.substring(0, inBatch.indexOf('/')) : inBatch;
        return !first.isEmpty() && !first.startsWith(".") && !first.equalsIgnoreCase(ARCHIVE);
    }

    private static Optional<BasicFileAttributes> attributes(Path file) throws IOException {
        try {
            return Optional.of(Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }
}
