package io.reelbatch.cli.local;

import io.reelbatch.domain.store.ObjectStore.StoredObject;
import io.reelbatch.domain.store.ObjectWriter;
import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.text.Normalizer;
import java.util.UUID;

/**
 * Writes to a temporary file, syncs it, renames it and syncs the folder. After a crash either the old or the new object
 * is there, complete.
 */
final class FileObjectWriter extends ObjectWriter {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final String key;
    private final Path root;
    private final Path target;
    private final Path aside;
    private final FileOutputStream file;
    private final OutputStream out;
    private long bytes;
    private boolean closed;

    FileObjectWriter(String key, Path root, Path target, Path temporary) throws IOException {
        this.key = key;
        this.root = root;
        this.target = target;
        this.aside = temporary.resolve(UUID.randomUUID().toString());
        this.file = new FileOutputStream(aside.toFile());
        this.out = new BufferedOutputStream(file, BUFFER_BYTES);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        requireOpen();
        try {
            out.write(source, offset, length);
        } catch (IOException e) {
            throw failed(e);
        }
        bytes += length;
    }

    @Override
    public StoredObject commit() throws IOException {
        requireOpen();
        try {
            out.flush();
            file.getFD().sync();
            file.close();
            Folders.make(root, Folders.parent(target));
            refuseOtherSpelling();
            Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            closed = true;
            Folders.sync(Folders.parent(target));
        } catch (IOException e) {
            throw failed(e);
        }
        return new StoredObject(key, bytes);
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            try {
                file.close();
            } finally {
                Files.deleteIfExists(aside);
            }
        }
    }

    /** Where the disk ignores case, {@code A.png} must not silently replace {@code a.png}. */
    private void refuseOtherSpelling() throws IOException {
        if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Path found = target.toRealPath(LinkOption.NOFOLLOW_LINKS);
        if (!composed(root.relativize(found)).equals(composed(root.relativize(target)))) {
            throw new FileSystemException(
                    target.toString(), found.toString(), "this disk takes both names for the same file");
        }
        if (Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileSystemException(target.toString(), null, "is a folder: move it away");
        }
    }

    /** Some disks hand names back decomposed. */
    private static String composed(Path path) {
        return Normalizer.normalize(path.toString(), Normalizer.Form.NFC);
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("object " + key + " is already committed or closed");
        }
    }

    private IOException failed(IOException cause) {
        return new IOException(
                "cannot write " + target + " (" + cause.getMessage() + "): check the disk's free space and permissions",
                cause);
    }
}
