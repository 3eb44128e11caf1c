package io.reelbatch.cli.local;

import io.reelbatch.domain.pace.PaceKey;
import io.reelbatch.domain.pace.PaceStore;
import io.reelbatch.domain.store.JobStore.Written;
import java.time.Duration;
import java.util.List;

/** Pace in the file that all batches of this machine's user share. */
final class SqlitePace implements PaceStore {
    private final AccountFacts file;

    SqlitePace(AccountFacts file) {
        this.file = file;
    }

    @Override
    public void remember(PaceKey key, Duration took) {
        String name = key.name();
        long millis = took.toMillis();
        file.open().writer().write(sql -> {
            sql.update("INSERT INTO latency (name, millis) VALUES (?, ?)", name, millis);
            sql.update(
                    "DELETE FROM latency WHERE name = ?1 AND id <="
                            + " (SELECT id FROM latency WHERE name = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)",
                    name,
                    REMEMBERED);
            return Written.DONE;
        });
    }

    @Override
    public List<Duration> remembered(PaceKey key) {
        return file.open()
                .readers()
                .read(sql -> sql.rows(
                        "SELECT millis FROM latency WHERE name = ? ORDER BY id DESC LIMIT ?",
                        row -> Duration.ofMillis(row.getLong(1)),
                        key.name(),
                        REMEMBERED));
    }
}
