package io.reelbatch.adapters.aws;

import io.reelbatch.domain.pace.Limit;
import io.reelbatch.domain.pace.PaceKey;
import io.reelbatch.domain.pace.PaceStore;
import io.reelbatch.domain.store.StoredJson;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.Update;

/**
 * Pace in the table of the records. A completion is an item of about 200 bytes under a key that nobody else writes: one write
 * unit, no contention, and a write that is repeated because its answer was lost changes nothing. They are forgotten by age.
 *
 * <p>A limit is one item, whose next slot is a number of its own: giving out a slot adds to it. If that is repeated because its
 * answer was lost, a slot stays unused.
 */
final class DynamoDbPace implements PaceStore {
    private static final String IS_SAME =
            TableSchema.VERSION + " = :version AND " + TableSchema.NEXT_MICROS + " = :next";
    private static final String IS_IN_TIME = TableSchema.VERSION + " = :version AND " + TableSchema.NEXT_MICROS
            + " > :after AND " + TableSchema.NEXT_MICROS + " <= :last";
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
    public Optional<Limit> limit(PaceKey key) {
        return table.get("read a rate limit", TableSchema.limitKey(key)).map(item -> {
            Limit stored = StoredJson.read(Items.doc(item), Limit.class, table.where("the rate limit " + key.model()));
            return stored.withNext(moment(item));
        });
    }

    @Override
    public boolean putLimit(PaceKey key, Optional<Limit> before, Limit next) {
        Map<String, AttributeValue> item = new HashMap<>(TableSchema.limitKey(key));
        item.put(TableSchema.DOC, Items.text(StoredJson.writeAny(next)));
        item.put(TableSchema.VERSION, Items.number(next.version()));
        item.put(TableSchema.NEXT_MICROS, Items.number(micros(next.next())));
        item.put(TableSchema.WRITE_ID, Items.text(UUID.randomUUID().toString()));
        Put.Builder put = Put.builder().item(item);
        before.ifPresentOrElse(
                limit -> put.conditionExpression(IS_SAME)
                        .expressionAttributeValues(Map.of(
                                ":version", Items.number(limit.version()),
                                ":next", Items.number(micros(limit.next())))),
                () -> put.conditionExpression("attribute_not_exists(" + TableSchema.PK + ")"));
        return table.put("write a rate limit", put);
    }

    @Override
    public Optional<Instant> advance(PaceKey key, long version, Duration by, Instant after, Instant last) {
        Update.Builder update = Update.builder()
                .key(TableSchema.limitKey(key))
                .updateExpression("SET " + TableSchema.NEXT_MICROS + " = " + TableSchema.NEXT_MICROS + " + :by")
                .conditionExpression(IS_IN_TIME)
                .expressionAttributeValues(Map.of(
                        ":by", Items.number(by.toNanos() / 1000),
                        ":version", Items.number(version),
                        ":after", Items.number(micros(after)),
                        ":last", Items.number(micros(last))));
        return table.update("take a slot", update).map(DynamoDbPace::moment);
    }

    private static Instant moment(Map<String, AttributeValue> item) {
        return Instant.EPOCH.plus(
                Long.parseLong(Items.attribute(item, TableSchema.NEXT_MICROS).n()), ChronoUnit.MICROS);
    }

    private static long micros(Instant moment) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, moment);
    }

    @Override
    public List<Duration> remembered(PaceKey key) {
        return table.last("read generation times", TableSchema.latencyPk(key), REMEMBERED).stream()
                .map(item -> Items.attribute(item, TableSchema.MILLIS))
                .map(millis -> Duration.ofMillis(Long.parseLong(millis.n())))
                .toList();
    }
}
