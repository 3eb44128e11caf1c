package io.reelbatch.cli.local;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Creates folders that survive a power cut, and refuses symbolic links. */
final class Folders {
    private static final boolean CAN_SYNC = File.separatorChar == '/';

    private Folders() {}

    /** The folder that a file below some root is in. */
    static Path parent(Path file) {
        Path parent = file.getParent();
        if (parent == null) {
            throw new IllegalArgumentException(file + " is not in a folder");
        }
        return parent;
    }

    /** Makes a folder and those between it and {@code root}, durably. */
    static void make(Path root, Path folder) throws IOException {
        if (folder.equals(root)) {
            return;
        }
        make(root, parent(folder));
        if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            Files.createDirectory(folder);
        } catch (FileAlreadyExistsException e) {
            refuseLinks(root, folder);
            if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                throw new FileSystemException(
                        folder.toString(), null, "is a file where a folder is needed: move it away");
            }
        }
        sync(parent(folder));
    }

    /** Fails if a folder between {@code root} and {@code folder} is a symbolic link, which could lead anywhere. */
    static void refuseLinks(Path root, Path folder) throws IOException {
        for (Path at = folder; !at.equals(root); at = parent(at)) {
            if (Files.isSymbolicLink(at)) {
                throw new NotLinkException(
                        at.toString(), null, "is a symbolic link, which is not followed: put a folder there instead");
            }
        }
    }

    /** Makes what was created, renamed or removed in a folder durable. */
    static void sync(Path folder) throws IOException {
        if (!CAN_SYNC) {
            return; // Windows neither needs it nor can open a folder.
        }
        // A channel fails in an interrupted thread; the write it would fail is done already.
        boolean interrupted = Thread.interrupted();
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
