package io.reelbatch.cli.local;

import io.reelbatch.domain.store.JobStore.Written;
import io.reelbatch.errors.StoreException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The only connection that writes. The thread whose turn it is also writes for all waiting threads, in one transaction;
 * meanwhile the next group gathers.
 */
final class SqliteWriter implements AutoCloseable {
    private final SqliteFile file;
    private final SqliteStatements sql;
    private final ReentrantLock turn = new ReentrantLock();
    private final ConcurrentLinkedQueue<Write> waiting = new ConcurrentLinkedQueue<>();
    private boolean closed;

    SqliteWriter(SqliteFile file) {
        this.file = file;
        this.sql = new SqliteStatements(file.open());
    }

    /** A change. One that is not {@link Written#DONE} has changed nothing. */
    @FunctionalInterface
    interface Change {
        Written apply(SqliteStatements sql) throws SQLException;
    }

    /** Applies a change; durable when this returns. */
    Written write(Change change) {
        Write write = new Write(change);
        waiting.add(write);
        turn.lock();
        try {
            if (write.isOpen()) {
                applyWaiting();
            }
        } finally {
            turn.unlock();
        }
        return write.outcome();
    }

    private void applyWaiting() {
        List<Write> group = new ArrayList<>();
        for (Write next = waiting.poll(); next != null; next = waiting.poll()) {
            group.add(next);
        }
        if (closed) {
            group.forEach(write -> write.fail(new StoreException("the job store " + file.path() + " is closed")));
        } else if (!apply(group)) {
            // One of them cannot be written: the others must not suffer for it.
            group.forEach(write -> apply(List.of(write)));
        }
    }

    /** Whether the group is settled: written, or a single change that failed. */
    private boolean apply(List<Write> group) {
        try {
            sql.run("BEGIN IMMEDIATE");
            List<Written> results = new ArrayList<>(group.size());
            for (Write write : group) {
                results.add(write.change.apply(sql));
            }
            sql.run("COMMIT");
            for (int i = 0; i < results.size(); i++) {
                group.get(i).succeed(results.get(i));
            }
            return true;
        } catch (SQLException | RuntimeException e) {
            rollBack(e);
            if (group.size() == 1) {
                group.get(0).fail(SqliteFile.failed("write to", file.path(), e));
            }
            return group.size() == 1;
        }
    }

    private void rollBack(Exception cause) {
        try {
            sql.run("ROLLBACK");
        } catch (SQLException e) {
            cause.addSuppressed(e); // SQLite has rolled back already, or there was nothing to roll back.
        }
    }

    @Override
    public void close() {
        turn.lock();
        try {
            if (!closed) {
                closed = true;
                sql.close();
            }
        } catch (SQLException e) {
            throw SqliteFile.failed("close", file.path(), e);
        } finally {
            turn.unlock();
        }
    }

    /** A change and what became of it; settled and looked at only by who has the turn, or after. */
    private static final class Write {
        private final Change change;
        private @Nullable Written result;
        private @Nullable StoreException failure;

        Write(Change change) {
            this.change = change;
        }

        boolean isOpen() {
            return result == null && failure == null;
        }

        void succeed(Written written) {
            result = written;
        }

        void fail(StoreException reason) {
            failure = reason;
        }

        Written outcome() {
            if (result != null) {
                return result;
            }
            throw failure != null
                    ? failure
                    : new StoreException("another thread died while it was writing this record");
        }
    }
}
