package io.reelbatch.cli.local;

import io.reelbatch.domain.store.Fact;
import io.reelbatch.domain.store.FactKey;
import io.reelbatch.domain.store.JobStore.Written;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The facts in one file. */
final class SqliteFacts {
    /** A clock that runs fast may have written what others still need. */
    private static final Duration KEPT_LONGER = Duration.ofDays(1);

    private final SqliteReaders readers;
    private final SqliteWriter writer;

    SqliteFacts(SqliteReaders readers, SqliteWriter writer) {
        this.readers = readers;
        this.writer = writer;
    }

    Optional<Fact> read(FactKey key) {
        return readers.read(sql -> sql.row(
                "SELECT doc, version, expires_at FROM fact WHERE scope = ? AND name = ?",
                row -> new Fact(key, row.getString(1), row.getLong(2), time(row.getObject(3))),
                key.scope(),
                key.name()));
    }

    private static Optional<Instant> time(@Nullable Object seconds) {
        return seconds instanceof Number number
                ? Optional.of(Instant.ofEpochSecond(number.longValue()))
                : Optional.empty();
    }

    boolean put(Fact next) {
        Long expires = next.expiresAt().map(Instant::getEpochSecond).orElse(null);
        FactKey key = next.key();
        return Written.DONE
                == writer.write(sql -> {
                    boolean written = next.version() == 1
                            ? sql.update(
                                    "INSERT INTO fact (scope, name, version, doc, expires_at) VALUES (?, ?, 1, ?, ?)"
                                            + " ON CONFLICT DO NOTHING",
                                    key.scope(),
                                    key.name(),
                                    next.json(),
                                    expires)
                            : sql.update(
                                    "UPDATE fact SET version = ?, doc = ?, expires_at = ?"
                                            + " WHERE scope = ? AND name = ? AND version = ?",
                                    next.version(),
                                    next.json(),
                                    expires,
                                    key.scope(),
                                    key.name(),
                                    next.version() - 1);
                    return written ? Written.DONE : Written.STALE;
                });
    }

    /** Removes what expired some time before {@code now}. */
    void forgetExpired(Instant now) {
        long before = now.minus(KEPT_LONGER).getEpochSecond();
        writer.write(sql -> {
            sql.update("DELETE FROM fact WHERE expires_at < ?", before);
            return Written.DONE;
        });
    }
}
