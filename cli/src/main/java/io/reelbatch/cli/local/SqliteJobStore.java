package io.reelbatch.cli.local;

import io.reelbatch.domain.job.BatchRecord;
import io.reelbatch.domain.job.JobKey;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.pace.PaceStore;
import io.reelbatch.domain.store.Fact;
import io.reelbatch.domain.store.FactKey;
import io.reelbatch.domain.store.JobStore;
import io.reelbatch.domain.store.StoredJson;
import io.reelbatch.errors.StoreException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Records in one SQLite file. Once a method has returned, neither a killed process nor a power cut loses its write.
 * Concurrent writes share one transaction and one disk sync. Other processes may use the file at the same time.
 */
public final class SqliteJobStore implements JobStore {
    private static final int NANO_DECIMALS = 9;
    private static final int ROWS_PER_WRITE = 1000;

    private final Path file;
    private final SqliteReaders readers;
    private final SqliteWriter writer;
    private final SqliteFacts facts;
    private final AccountFacts accountFacts;
    private final SqlitePace pace;

    /**
     * Opens the file, or makes it with its folder.
     *
     * @param accountFile for facts and pace that all batches share; opened, or made, when the first of them is asked for
     * @throws StoreException if the file cannot be opened, is no such store, or was made by a newer version
     */
    public SqliteJobStore(Path file, Path accountFile) {
        this.file = file.toAbsolutePath();
        SqliteFile database = SqliteFile.ofBatches(this.file);
        this.writer = new SqliteWriter(database);
        this.readers = new SqliteReaders(database);
        this.facts = new SqliteFacts(readers, writer);
        this.accountFacts = new AccountFacts(accountFile.toAbsolutePath());
        this.pace = new SqlitePace(accountFacts);
    }

    @Override
    public boolean createBatch(BatchRecord batch) {
        String doc = StoredJson.write(batch);
        return Written.DONE
                == writer.write(sql -> sql.update(
                                "INSERT INTO batch (batch_id, version, doc) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                                batch.batchId(),
                                batch.version(),
                                doc)
                        ? Written.DONE
                        : Written.STALE);
    }

    @Override
    public Optional<BatchRecord> batch(String batchId) {
        return doc("SELECT doc FROM batch WHERE batch_id = ?", batchId)
                .map(doc -> StoredJson.batch(doc, "batch " + batchId + " in " + file));
    }

    @Override
    public boolean replaceBatch(BatchRecord next) {
        String doc = StoredJson.write(next);
        return Written.DONE
                == writer.write(sql -> sql.update(
                                "UPDATE batch SET version = ?, doc = ? WHERE batch_id = ? AND version = ?",
                                next.version(),
                                doc,
                                next.batchId(),
                                next.version() - 1)
                        ? Written.DONE
                        : Written.STALE);
    }

    @Override
    public List<String> unfinishedBatches() {
        return readers.read(sql -> sql.texts(
                "SELECT batch_id FROM batch WHERE json_extract(doc, '$.state') <> 'FINISHED'" + " ORDER BY batch_id"));
    }

    @Override
    public void addJobs(Iterable<JobRecord> jobs) {
        List<Row> rows = new ArrayList<>(ROWS_PER_WRITE);
        for (JobRecord job : jobs) {
            rows.add(Row.of(job));
            if (rows.size() == ROWS_PER_WRITE) {
                insert(List.copyOf(rows));
                rows.clear();
            }
        }
        insert(rows);
    }

    private void insert(List<Row> rows) {
        writer.write(sql -> {
            for (Row row : rows) {
                sql.update(
                        "INSERT OR IGNORE INTO job (batch_id, idx, version, name, model, state, doc)"
                                + " VALUES (?, ?, ?, ?, ?, ?, ?)",
                        row.key().batchId(),
                        row.key().index(),
                        row.version(),
                        row.name(),
                        row.model(),
                        row.state(),
                        row.doc());
            }
            return Written.DONE;
        });
    }

    @Override
    public Optional<JobRecord> job(JobKey key) {
        return doc("SELECT doc FROM job WHERE batch_id = ? AND idx = ?", key.batchId(), key.index())
                .map(doc -> StoredJson.job(doc, "job " + key + " in " + file));
    }

    @Override
    public Written replace(JobRecord next, Spend spend) {
        Row row = Row.of(next);
        return writer.write(sql -> {
            Optional<Long> version = sql.number(
                    "SELECT version FROM job WHERE batch_id = ? AND idx = ?",
                    row.key().batchId(),
                    row.key().index());
            if (version.isEmpty() || version.get() != row.version() - 1) {
                return Written.STALE;
            }
            if (!spend(sql, next.batchId(), spend)) {
                return Written.OVER_BUDGET;
            }
            sql.update(
                    "UPDATE job SET version = ?, name = ?, model = ?, state = ?, doc = ? WHERE batch_id = ? AND idx = ?",
                    row.version(),
                    row.name(),
                    row.model(),
                    row.state(),
                    row.doc(),
                    row.key().batchId(),
                    row.key().index());
            return Written.DONE;
        });
    }

    private static boolean spend(SqliteStatements sql, String batchId, Spend spend) throws SQLException {
        if (spend.amount().signum() == 0) {
            return true;
        }
        BigDecimal total = usd(sql.number(COMMITTED, batchId)).add(spend.amount());
        if (spend.amount().signum() > 0
                && spend.limit().isPresent()
                && total.compareTo(spend.limit().get()) > 0) {
            return false;
        }
        return sql.update(
                "INSERT OR REPLACE INTO committed (batch_id, nano_usd) VALUES (?, ?)",
                batchId,
                total.movePointRight(NANO_DECIMALS).longValueExact());
    }

    private static final String COMMITTED = "SELECT nano_usd FROM committed WHERE batch_id = ?";

    @Override
    public BigDecimal committed(String batchId) {
        return usd(readers.read(sql -> sql.number(COMMITTED, batchId)));
    }

    private static BigDecimal usd(Optional<Long> nanos) {
        return BigDecimal.valueOf(nanos.orElse(0L), NANO_DECIMALS);
    }

    @Override
    public void forEachJob(String batchId, Consumer<JobRecord> action) {
        try (Connection connection = readers.dedicated();
                PreparedStatement select =
                        connection.prepareStatement("SELECT idx, doc FROM job WHERE batch_id = ? ORDER BY idx")) {
            select.setString(1, batchId);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    String where = "job " + new JobKey(batchId, rows.getInt(1)) + " in " + file;
                    action.accept(StoredJson.job(rows.getString(2), where));
                }
            }
        } catch (SQLException e) {
            throw SqliteFile.failed("read the jobs of batch " + batchId + " from", file, e);
        }
    }

    @Override
    public Optional<Fact> fact(FactKey key) {
        return factsOf(key).read(key);
    }

    @Override
    public boolean putFact(Fact next) {
        return factsOf(next.key()).put(next);
    }

    private SqliteFacts factsOf(FactKey key) {
        return key.isOfAccount() ? accountFacts.open().facts() : facts;
    }

    @Override
    public PaceStore pace() {
        return pace;
    }

    @Override
    public void close() {
        try {
            accountFacts.close();
        } finally {
            closeOwn();
        }
    }

    private void closeOwn() {
        try {
            readers.close();
        } finally {
            writer.close();
        }
    }

    private Optional<String> doc(String select, Object... values) {
        return readers.read(sql -> sql.text(select, values));
    }

    /** A job as its row, made before the writer's turn comes. */
    private record Row(JobKey key, long version, String name, String model, String state, String doc) {
        static Row of(JobRecord job) {
            return new Row(
                    job.key(),
                    job.version(),
                    job.plan().name(),
                    job.plan().model(),
                    job.state().name(),
                    StoredJson.write(job));
        }
    }
}
