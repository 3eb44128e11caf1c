package io.reelbatch.cli.local;

import io.reelbatch.domain.json.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * An output folder, held by one process at a time. The state of its batch is under {@code .reelbatch/}. The process
 * that holds the lock knows that no other works on the batch.
 */
public final class BatchDirectory implements AutoCloseable {
    private static final List<String> OF_A_BATCH =
            List.of("images", "videos", "manifest.json", "cost-report.json", "cost-report.csv", "report.html");

    private final Path root;
    private final FileChannel lockFile;
    private final FileLock lock;

    private BatchDirectory(Path root, FileChannel lockFile, FileLock lock) {
        this.root = root;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    /**
     * What is known of the batch in a folder before its store is opened.
     *
     * @param configSha256 of the config's bytes
     * @param configName the config's file name, for messages
     * @param stores where its records and files are
     * @param simulatorSeed present when the provider is the simulator
     * @param jobs how many jobs it has
     * @param finished whether all of them have ended
     */
    public record Marker(
            String batchId,
            String configSha256,
            String configName,
            StoreKind stores,
            OptionalLong simulatorSeed,
            int jobs,
            boolean finished) {

        /** The same batch; {@code whether} all its jobs have ended. */
        public Marker asFinished(boolean whether) {
            return new Marker(batchId, configSha256, configName, stores, simulatorSeed, jobs, whether);
        }
    }

    /**
     * Opens a folder, made where it is missing.
     *
     * @throws FolderInUse if another process works on it
     * @throws FolderUnusable if it cannot be made or written to
     */
    public static BatchDirectory open(Path root) throws IOException {
        try {
            return lock(root);
        } catch (FileSystemException e) {
            throw new FolderUnusable(e);
        }
    }

    private static BatchDirectory lock(Path root) throws IOException {
        Path absolute = root.toAbsolutePath().normalize();
        Files.createDirectories(absolute.resolve(".reelbatch"));
        FileChannel channel = FileChannel.open(
                absolute.resolve(".reelbatch/lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = tryLock(channel);
        if (lock == null) {
            channel.close();
            throw new FolderInUse(root);
        }
        return new BatchDirectory(absolute, channel, lock);
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException heldByThisProcess) {
            return null;
        }
    }

    /** No batch can be kept in the folder. */
    public static final class FolderUnusable extends IOException {
        private static final long serialVersionUID = 1L;

        FolderUnusable(FileSystemException cause) {
            super(
                    "Cannot use the output folder: " + FileProblem.of(cause)
                            + ". Mend that, or choose another output_dir.",
                    cause);
        }
    }

    /** Somebody else works on the folder. */
    public static final class FolderInUse extends IOException {
        private static final long serialVersionUID = 1L;

        FolderInUse(Path root) {
            super("Another reelbatch process is working on " + root + ". Wait for it, or choose another --output-dir.");
        }
    }

    /** The folder, absolute. */
    public Path root() {
        return root;
    }

    /** A file of the batch's state. */
    public Path state(String name) {
        return root.resolve(".reelbatch").resolve(name);
    }

    /** The batch in the folder, if one was ever started in it. */
    public Optional<Marker> marker() throws IOException {
        Path file = state("batch.json");
        return Files.exists(file)
                ? Optional.of(Json.mapper().readValue(Files.readAllBytes(file), Marker.class))
                : Optional.empty();
    }

    /** Writes down which batch the folder holds: on disk, whole, when this returns. */
    public void mark(Marker marker) throws IOException {
        Path aside = state("batch.json.new");
        try (FileChannel out = FileChannel.open(
                aside, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            out.write(ByteBuffer.wrap(Json.mapper().writeValueAsBytes(marker)));
            out.force(true);
        }
        Files.move(aside, state("batch.json"), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Moves everything of the batch to {@code archive/<batchId>/}, so that the folder is free for the next one. */
    public Path archive(Marker marker) throws IOException {
        Path target = root.resolve("archive").resolve(marker.batchId());
        Files.createDirectories(target.resolve(".reelbatch"));
        for (String name : OF_A_BATCH) {
            moveIfThere(root.resolve(name), target.resolve(name));
        }
        try (var entries = Files.newDirectoryStream(root.resolve(".reelbatch"))) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (!name.equals("lock") && !name.equals("batch.json")) {
                    moveIfThere(entry, target.resolve(".reelbatch").resolve(name));
                }
            }
        }
        moveIfThere(state("batch.json"), target.resolve(".reelbatch/batch.json"));
        return target;
    }

    private static void moveIfThere(Path from, Path to) throws IOException {
        if (Files.exists(from)) {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    @Override
    public void close() throws IOException {
        lock.release();
        lockFile.close();
    }
}
