package io.reelbatch.cli.local;

import io.reelbatch.errors.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteDataSource;

/** The SQLite file: how connections to it are set up, and which tables it has. */
final class SqliteFile {
    /** Kept in {@code PRAGMA user_version}. */
    private static final int SCHEMA_VERSION = 3;

    private static final String FACTS = "CREATE TABLE IF NOT EXISTS fact"
            + " (scope TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL, doc TEXT NOT NULL,"
            + " expires_at INTEGER, PRIMARY KEY (scope, name)) STRICT";
    private static final List<String> OF_A_BATCH = List.of(
            "CREATE TABLE IF NOT EXISTS batch"
                    + " (batch_id TEXT PRIMARY KEY, version INTEGER NOT NULL, doc TEXT NOT NULL) STRICT",
            "CREATE TABLE IF NOT EXISTS committed" + " (batch_id TEXT PRIMARY KEY, nano_usd INTEGER NOT NULL) STRICT",
            "CREATE TABLE IF NOT EXISTS job"
                    + " (batch_id TEXT NOT NULL, idx INTEGER NOT NULL, version INTEGER NOT NULL, name TEXT NOT NULL,"
                    + " model TEXT NOT NULL, state TEXT NOT NULL, doc TEXT NOT NULL, PRIMARY KEY (batch_id, idx)) STRICT",
            FACTS);

    private static final List<String> OF_AN_ACCOUNT = List.of(
            FACTS,
            "CREATE TABLE IF NOT EXISTS latency"
                    + " (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, millis INTEGER NOT NULL) STRICT",
            "CREATE TABLE IF NOT EXISTS rate_limit (name TEXT PRIMARY KEY, version INTEGER NOT NULL,"
                    + " next_micros INTEGER NOT NULL, doc TEXT NOT NULL) STRICT",
            "CREATE INDEX IF NOT EXISTS latency_of ON latency (name, id)");

    private static final int BUSY_MILLIS = 10_000;

    private final Path file;
    private final List<String> tables;
    private final SQLiteDataSource source;

    private SqliteFile(Path file, List<String> tables) {
        this.file = file;
        this.tables = tables;
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(JournalMode.WAL);
        config.setSynchronous(SynchronousMode.FULL);
        config.setBusyTimeout(BUSY_MILLIS);
        this.source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file);
        makeFolder();
    }

    /** Records, and facts of the batches in it. */
    static SqliteFile ofBatches(Path file) {
        return new SqliteFile(file, OF_A_BATCH);
    }

    /** What all batches share: facts and pace. */
    static SqliteFile ofAccount(Path file) {
        return new SqliteFile(file, OF_AN_ACCOUNT);
    }

    private void makeFolder() {
        try {
            Files.createDirectories(Folders.parent(file));
        } catch (IOException e) {
            throw failed("make the folder of", file, e);
        }
    }

    Path path() {
        return file;
    }

    Connection connect() throws SQLException {
        return source.getConnection();
    }

    /** Opens the first connection and makes the tables where they are missing. */
    Connection open() {
        try {
            Connection connection = connect();
            try {
                prepare(connection);
                return connection;
            } catch (SQLException | RuntimeException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw failed("open", file, e);
        }
    }

    private void prepare(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            int version = version(statement);
            if (version > SCHEMA_VERSION) {
                throw new StoreException("the job store " + file + " was made by a newer reelbatch (its version "
                        + version + ", known here " + SCHEMA_VERSION + "): use that one");
            }
            if (version < SCHEMA_VERSION) {
                createTables(statement);
            }
        }
    }

    private static int version(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("PRAGMA user_version")) {
            return row.getInt(1);
        }
    }

    private void createTables(Statement statement) throws SQLException {
        statement.execute("BEGIN IMMEDIATE");
        for (String table : tables) {
            statement.execute(table);
        }
        statement.execute("PRAGMA user_version = " + SCHEMA_VERSION);
        statement.execute("COMMIT");
    }

    /** Says what failed, on which file, and what people can do. */
    static StoreException failed(String what, Path file, Exception cause) {
        return new StoreException(
                "cannot " + what + " the job store " + file + " (" + cause.getMessage()
                        + "): check the disk's free space, the file's permissions and that it is no network drive",
                cause);
    }
}
