package io.reelbatch.cli.local;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;

/** Why a file or folder could not be used, in words. */
public final class FileProblem {
    private FileProblem() {}

    /** The file and the reason: {@code /srv/out: permission denied}. */
    public static String of(FileSystemException e) {
        return Objects.requireNonNullElse(e.getFile(), "a file") + ": " + reason(e);
    }

    private static String reason(FileSystemException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof NoSuchFileException) {
            return "no such file or folder";
        }
        if (e instanceof FileAlreadyExistsException) {
            return "something else of that name is in the way";
        }
        return Objects.requireNonNullElse(e.getReason(), "it failed");
    }
}
