package io.reelbatch.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reelbatch.domain.store.JobStore;
import io.reelbatch.domain.store.JobStoreContract;
import io.reelbatch.errors.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteJobStoreTest extends JobStoreContract {
    @TempDir
    Path folder;

    @Override
    protected JobStore openStore() {
        return new SqliteJobStore(folder.resolve("new/folder/jobs.db"));
    }

    @Test
    void aFileThatIsNoStoreIsLeftAlone() throws IOException {
        Path file =
                Files.writeString(folder.resolve("jobs.db"), "somebody's notes, long enough to look like a header\n");

        assertThatThrownBy(() -> new SqliteJobStore(file))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(file.toString());
        assertThat(file).content().startsWith("somebody's notes");
    }

    @Test
    void aStoreOfANewerVersionIsLeftAlone() throws SQLException {
        Path file = folder.resolve("jobs.db");
        change(file, "PRAGMA user_version = 99");

        assertThatThrownBy(() -> new SqliteJobStore(file))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("newer")
                .hasMessageContaining("99");
    }

    @Test
    void aDamagedRecordIsNamedWithItsFile() throws SQLException {
        Path file = folder.resolve("jobs.db");
        try (SqliteJobStore store = new SqliteJobStore(file)) {
            change(file, "INSERT INTO batch (batch_id, version, doc) VALUES ('b1', 1, '{\"secret\": ')");

            assertThatThrownBy(() -> store.batch("b1"))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("b1")
                    .hasMessageContaining(file.toString())
                    .hasMessageNotContaining("secret");
        }
    }

    @Test
    void aClosedStoreSaysSo() {
        SqliteJobStore store = new SqliteJobStore(folder.resolve("jobs.db"));
        store.close();
        store.close();

        assertThatThrownBy(() -> store.batch("b1"))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void oneFileIsLeftAfterClosing() throws IOException {
        Path file = folder.resolve("alone/jobs.db");
        new SqliteJobStore(file).close();

        try (var files = Files.list(folder.resolve("alone"))) {
            assertThat(files).containsExactly(file);
        }
    }

    private static void change(Path file, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
