package io.reelbatch.adapters.aws;

import io.reelbatch.domain.pace.PaceKey;
import io.reelbatch.domain.pace.PaceStore;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Put;

/**
 * Pace in the table of the records. A completion is an item of about 200 bytes under a key that nobody else writes: one write
 * unit, no contention, and a write that is repeated because its answer was lost changes nothing. They are forgotten by age.
 */
final class DynamoDbPace implements PaceStore {
    private static final Duration KEPT = Duration.ofDays(90);

    private final Table table;

    DynamoDbPace(Table table) {
        this.table = table;
    }

    @Override
    public void remember(PaceKey key, Duration took) {
        // The wall clock, not that of a run that goes faster: otherwise such a run's completions would stay the latest
        // for days.
        Instant now = Instant.now();
        String sk = String.format(
                Locale.ROOT, "%018d#%s", ChronoUnit.MICROS.between(Instant.EPOCH, now), UUID.randomUUID());
        Map<String, AttributeValue> item = Map.of(
                TableSchema.PK, Items.text(TableSchema.latencyPk(key)),
                TableSchema.SK, Items.text(sk),
                TableSchema.MILLIS, Items.number(took.toMillis()),
                TableSchema.TTL, Items.number(now.plus(KEPT).getEpochSecond()));
        table.put("remember a generation time", Put.builder().item(item));
    }

    @Override
    public List<Duration> remembered(PaceKey key) {
        return table.last("read generation times", TableSchema.latencyPk(key), REMEMBERED).stream()
                .map(item -> Items.attribute(item, TableSchema.MILLIS))
                .map(millis -> Duration.ofMillis(Long.parseLong(millis.n())))
                .toList();
    }
}
