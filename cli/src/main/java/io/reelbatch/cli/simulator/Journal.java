package io.reelbatch.cli.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Events as JSON lines, in a file that only grows.
 *
 * <p>An event is with the operating system when {@link #append} returns, so it outlives the process, though not the
 * machine. A last line that a killed process left incomplete is dropped at the next start.
 */
final class Journal implements AutoCloseable {
    private static final int NEWLINE = '\n';

    private final JsonMapper json;
    private final @Nullable FileChannel channel;

    private Journal(JsonMapper json, @Nullable FileChannel channel) {
        this.json = json;
        this.channel = channel;
    }

    /**
     * Opens a journal; without a file, one that forgets.
     *
     * @throws IOException when the file cannot be opened, or another simulator has it open
     */
    static Journal open(JsonMapper json, Optional<Path> file) throws IOException {
        if (file.isEmpty()) {
            return new Journal(json, null);
        }
        Path path = file.get().toAbsolutePath();
        Files.createDirectories(path.getParent());
        FileChannel channel =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        if (!lock(channel)) {
            channel.close();
            throw new IOException("The simulator's state file " + path + " is in use by another simulator");
        }
        return new Journal(json, channel);
    }

    private static boolean lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false; // locked by this very process
        }
    }

    /** Hands out every event so far, oldest first, and leaves the file ready to be appended to. */
    void replay(Consumer<JsonNode> reader) throws IOException {
        if (channel == null) {
            return;
        }
        channel.truncate(wholeLines(channel));
        channel.position(0);
        BufferedReader lines = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            reader.accept(json.readTree(line));
        }
        channel.position(channel.size());
    }

    void append(JsonNode event) {
        if (channel == null) {
            return;
        }
        ByteBuffer line = StandardCharsets.UTF_8.encode(event + "\n");
        try {
            while (line.hasRemaining()) {
                channel.write(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The simulator's state file cannot be written", e);
        }
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }

    /** Length of the file up to its last newline. */
    private static long wholeLines(FileChannel channel) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        for (long end = channel.size(); end > 0; end--) {
            one.clear();
            channel.read(one, end - 1);
            if (one.get(0) == NEWLINE) {
                return end;
            }
        }
        return 0;
    }
}
