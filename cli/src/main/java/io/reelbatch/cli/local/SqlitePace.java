package io.reelbatch.cli.local;

import io.reelbatch.domain.pace.Limit;
import io.reelbatch.domain.pace.PaceKey;
import io.reelbatch.domain.pace.PaceStore;
import io.reelbatch.domain.store.JobStore.Written;
import io.reelbatch.domain.store.StoredJson;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

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

    @Override
    public Optional<Limit> limit(PaceKey key) {
        return file.open()
                .readers()
                .read(sql -> sql.row(
                        "SELECT doc, next_micros FROM rate_limit WHERE name = ?",
                        row -> StoredJson.read(row.getString(1), Limit.class, "the rate limit " + key.model())
                                .withNext(moment(row.getLong(2))),
                        key.name()));
    }

    @Override
    public boolean putLimit(PaceKey key, Optional<Limit> before, Limit next) {
        String doc = StoredJson.writeAny(next);
        return Written.DONE
                == file.open().writer().write(sql -> {
                    boolean written = before.isEmpty()
                            ? sql.update(
                                    "INSERT INTO rate_limit (name, version, next_micros, doc) VALUES (?, ?, ?, ?)"
                                            + " ON CONFLICT DO NOTHING",
                                    key.name(),
                                    next.version(),
                                    micros(next.next()),
                                    doc)
                            : sql.update(
                                    "UPDATE rate_limit SET version = ?, next_micros = ?, doc = ?"
                                            + " WHERE name = ? AND version = ? AND next_micros = ?",
                                    next.version(),
                                    micros(next.next()),
                                    doc,
                                    key.name(),
                                    before.get().version(),
                                    micros(before.get().next()));
                    return written ? Written.DONE : Written.STALE;
                });
    }

    @Override
    public Optional<Instant> advance(PaceKey key, long version, Duration by, Instant after, Instant last) {
        AtomicLong moved = new AtomicLong();
        Written written = file.open().writer().write(sql -> {
            Optional<Long> micros = sql.number(
                    "UPDATE rate_limit SET next_micros = next_micros + ? WHERE name = ? AND version = ?"
                            + " AND next_micros > ? AND next_micros <= ? RETURNING next_micros",
                    by.toNanos() / 1000,
                    key.name(),
                    version,
                    micros(after),
                    micros(last));
            micros.ifPresent(moved::set);
            return micros.isPresent() ? Written.DONE : Written.STALE;
        });
        return written == Written.DONE ? Optional.of(moment(moved.get() - by.toNanos() / 1000)) : Optional.empty();
    }

    private static Instant moment(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    private static long micros(Instant moment) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, moment);
    }
}
