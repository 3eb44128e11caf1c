package io.reelbatch.cli.local;

import io.reelbatch.errors.StoreException;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The file with what all batches of this machine's user share. Several processes may write to it. It is opened on first
 * use.
 */
final class AccountFacts implements AutoCloseable {
    private final Path file;
    private @Nullable Opened opened;
    private boolean closed;

    AccountFacts(Path file) {
        this.file = file;
    }

    record Opened(SqliteReaders readers, SqliteWriter writer, SqliteFacts facts) {
        void close() {
            try {
                readers.close();
            } finally {
                writer.close();
            }
        }
    }

    /** The file, opened if it is not yet. */
    synchronized Opened open() {
        if (closed) {
            throw new StoreException("the store " + file + " is closed");
        }
        Opened now = opened;
        if (now == null) {
            SqliteFile database = SqliteFile.ofAccount(file);
            SqliteWriter writer = new SqliteWriter(database);
            SqliteReaders readers = new SqliteReaders(database);
            now = new Opened(readers, writer, new SqliteFacts(readers, writer));
            opened = now;
            now.facts().forgetExpired(Instant.now());
        }
        return now;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (opened != null) {
            opened.close();
            opened = null;
        }
    }
}
