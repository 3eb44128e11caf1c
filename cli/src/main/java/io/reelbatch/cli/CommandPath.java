package io.reelbatch.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Pattern;

/** Paths between configs, which no shell reads, and the commands that messages suggest, which one does. */
final class CommandPath {
    private static final Pattern SAFE = Pattern.compile("[\\p{L}\\p{N}_./:@%+=,-][\\p{L}\\p{N}_./:@%+=,~-]*");

    private CommandPath() {}

    /**
     * The path that a config names; a leading {@code ~/} is the user's home, as in a shell.
     *
     * @throws InvalidPathException if it can be no path
     */
    static Path named(String text) {
        return text.startsWith("~/") ? Path.of(home(), text.substring(2)) : Path.of(text);
    }

    private static String home() {
        return Objects.requireNonNullElseGet(System.getenv("HOME"), () -> System.getProperty("user.home"));
    }

    /** The path as a shell takes it: in quotes where it must be. */
    static String word(Path path) {
        String text = path.toString();
        return SAFE.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
