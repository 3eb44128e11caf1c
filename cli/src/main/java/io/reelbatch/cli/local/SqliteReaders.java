package io.reelbatch.cli.local;

import io.reelbatch.errors.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Connections for reading, which never wait for a writer. A few are kept open; more are opened when more threads read
 * at once.
 */
final class SqliteReaders implements AutoCloseable {
    private static final int KEPT = 4;

    private final SqliteFile file;
    private final Deque<SqliteStatements> idle = new ArrayDeque<>();
    private boolean closed;

    SqliteReaders(SqliteFile file) {
        this.file = file;
    }

    /** A question to the store. */
    @FunctionalInterface
    interface Question<T> {
        T ask(SqliteStatements sql) throws SQLException;
    }

    <T> T read(Question<T> question) {
        try {
            SqliteStatements sql = borrow();
            boolean fine = false;
            try {
                T answer = question.ask(sql);
                fine = true;
                return answer;
            } finally {
                giveBack(sql, fine);
            }
        } catch (SQLException e) {
            throw SqliteFile.failed("read from", file.path(), e);
        }
    }

    /** A connection that the caller closes, for reading many rows. */
    Connection dedicated() throws SQLException {
        requireOpen();
        return file.connect();
    }

    private SqliteStatements borrow() throws SQLException {
        requireOpen();
        Optional<SqliteStatements> kept;
        synchronized (idle) {
            kept = Optional.ofNullable(idle.poll());
        }
        return kept.isPresent() ? kept.get() : new SqliteStatements(file.connect());
    }

    private void giveBack(SqliteStatements sql, boolean fine) throws SQLException {
        synchronized (idle) {
            if (fine && !closed && idle.size() < KEPT) {
                idle.push(sql);
                return;
            }
        }
        sql.close();
    }

    private void requireOpen() {
        synchronized (idle) {
            if (closed) {
                throw new StoreException("the job store " + file.path() + " is closed");
            }
        }
    }

    @Override
    public void close() {
        synchronized (idle) {
            closed = true;
            for (SqliteStatements sql : idle) {
                try {
                    sql.close();
                } catch (SQLException e) {
                    throw SqliteFile.failed("close", file.path(), e);
                }
            }
            idle.clear();
        }
    }
}
