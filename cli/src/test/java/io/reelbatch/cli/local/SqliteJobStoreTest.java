package io.reelbatch.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reelbatch.domain.store.Fact;
import io.reelbatch.domain.store.FactKey;
import io.reelbatch.domain.store.JobStore;
import io.reelbatch.domain.store.JobStoreContract;
import io.reelbatch.domain.store.Together;
import io.reelbatch.errors.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteJobStoreTest extends JobStoreContract {
    @TempDir
    Path folder;

    @Override
    protected JobStore openStore() {
        return open(folder.resolve("new/folder/jobs.db"));
    }

    private SqliteJobStore open(Path file) {
        return new SqliteJobStore(file, accountFile());
    }

    private Path accountFile() {
        return folder.resolve("state/account.db");
    }

    @Test
    void whatIsOfTheAccountIsSharedByTheBatchesOfAMachine() {
        Fact shared = Fact.first(FactKey.ofAccount("rate"), Map.of("per_second", 3), Optional.empty());
        try (SqliteJobStore one = open(folder.resolve("one/jobs.db"));
                SqliteJobStore other = open(folder.resolve("other/jobs.db"))) {
            one.batch("b1");
            assertThat(accountFile()).as("nobody asked yet").doesNotExist();

            assertThat(one.putFact(shared)).isTrue();

            assertThat(other.fact(shared.key())).contains(shared);
            assertThat(other.putFact(shared)).isFalse();
        }
    }

    @Test
    void manyProcessesMayMeetAtANewAccountFile() throws Exception {
        List<Boolean> won = Together.run(8, i -> () -> {
            try (SqliteJobStore store = open(folder.resolve(i + "/jobs.db"))) {
                return store.putFact(Fact.first(FactKey.ofAccount("rate"), i, Optional.empty()));
            }
        });

        assertThat(won).containsOnlyOnce(true);
    }

    @Test
    void whatExpiredLongAgoIsForgottenWhenTheFileIsOpened() {
        FactKey key = FactKey.ofAccount("old");
        try (SqliteJobStore store = open(folder.resolve("jobs.db"))) {
            store.putFact(Fact.first(key, 1, Optional.of(Instant.now().minus(Duration.ofDays(2)))));
        }

        try (SqliteJobStore store = open(folder.resolve("jobs.db"))) {
            assertThat(store.fact(key)).isEmpty();
        }
    }

    @Test
    void aFileThatIsNoStoreIsLeftAlone() throws IOException {
        Path file =
                Files.writeString(folder.resolve("jobs.db"), "somebody's notes, long enough to look like a header\n");

        assertThatThrownBy(() -> open(file)).isInstanceOf(StoreException.class).hasMessageContaining(file.toString());
        assertThat(file).content().startsWith("somebody's notes");
    }

    @Test
    void aStoreOfANewerVersionIsLeftAlone() throws SQLException {
        Path file = folder.resolve("jobs.db");
        change(file, "PRAGMA user_version = 99");

        assertThatThrownBy(() -> open(file))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("newer")
                .hasMessageContaining("99");
    }

    @Test
    void aDamagedRecordIsNamedWithItsFile() throws SQLException {
        Path file = folder.resolve("jobs.db");
        try (SqliteJobStore store = open(file)) {
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
        SqliteJobStore store = open(folder.resolve("jobs.db"));
        store.close();
        store.close();

        assertThatThrownBy(() -> store.batch("b1"))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void oneFileIsLeftAfterClosing() throws IOException {
        Path file = folder.resolve("alone/jobs.db");
        open(file).close();

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
