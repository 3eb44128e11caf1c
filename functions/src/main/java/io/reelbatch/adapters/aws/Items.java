package io.reelbatch.adapters.aws;

import io.reelbatch.domain.job.BatchRecord;
import io.reelbatch.domain.job.JobKey;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.store.Fact;
import io.reelbatch.domain.store.FactKey;
import io.reelbatch.domain.store.StoredJson;
import io.reelbatch.errors.StoreException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Records as items: the whole record as JSON, and beside it what helps people who look at the table. */
final class Items {
    private Items() {}

    static Map<String, AttributeValue> of(BatchRecord batch) {
        Map<String, AttributeValue> item = new HashMap<>(batchKey(batch.batchId()));
        addRecord(item, StoredJson.write(batch), batch.version(), batch.state().name());
        return item;
    }

    static Map<String, AttributeValue> of(JobRecord job) {
        Map<String, AttributeValue> item = new HashMap<>(jobKey(job.key()));
        addRecord(item, StoredJson.write(job), job.version(), job.state().name());
        item.put(TableSchema.NAME, text(job.plan().name()));
        item.put(TableSchema.MODEL, text(job.plan().model()));
        return item;
    }

    static Map<String, AttributeValue> of(Fact fact) {
        Map<String, AttributeValue> item = new HashMap<>(factKey(fact.key()));
        addVersion(item, fact.json(), fact.version());
        fact.expiresAt().ifPresent(time -> item.put(TableSchema.TTL, number(time.getEpochSecond())));
        return item;
    }

    private static void addRecord(Map<String, AttributeValue> item, String doc, long version, String state) {
        addVersion(item, doc, version);
        item.put(TableSchema.STATE, text(state));
    }

    private static void addVersion(Map<String, AttributeValue> item, String doc, long version) {
        item.put(TableSchema.DOC, text(doc));
        item.put(TableSchema.VERSION, number(version));
        item.put(TableSchema.SCHEMA, number(TableSchema.SCHEMA_VERSION));
        item.put(TableSchema.WRITE_ID, text(UUID.randomUUID().toString()));
    }

    static Map<String, AttributeValue> batchKey(String batchId) {
        return Map.of(TableSchema.PK, text(TableSchema.batchPk(batchId)), TableSchema.SK, text(TableSchema.BATCH_SK));
    }

    static Map<String, AttributeValue> unfinishedKey(String batchId) {
        return Map.of(TableSchema.PK, text(TableSchema.UNFINISHED_PK), TableSchema.SK, text(batchId));
    }

    static Map<String, AttributeValue> committedKey(String batchId) {
        return Map.of(
                TableSchema.PK, text(TableSchema.batchPk(batchId)), TableSchema.SK, text(TableSchema.COMMITTED_SK));
    }

    static Map<String, AttributeValue> jobKey(JobKey key) {
        int partition = TableSchema.partition(key.index());
        return Map.of(
                TableSchema.PK,
                text(TableSchema.jobsPk(key.batchId(), partition)),
                TableSchema.SK,
                text(TableSchema.jobSk(key.index())));
    }

    static Map<String, AttributeValue> factKey(FactKey key) {
        return Map.of(TableSchema.PK, text(TableSchema.factPk(key.scope())), TableSchema.SK, text(key.name()));
    }

    static Fact fact(FactKey key, Map<String, AttributeValue> item) {
        return new Fact(
                key,
                doc(item),
                Long.parseLong(attribute(item, TableSchema.VERSION).n()),
                Optional.ofNullable(item.get(TableSchema.TTL))
                        .map(time -> Instant.ofEpochSecond(Long.parseLong(time.n()))));
    }

    /** The key of a job's item. */
    static JobKey key(String batchId, Map<String, AttributeValue> item) {
        return new JobKey(
                batchId, Integer.parseInt(attribute(item, TableSchema.SK).s()));
    }

    /** @throws StoreException if the item is damaged, or of a layout that only a newer version knows */
    static String doc(Map<String, AttributeValue> item) {
        Optional<Integer> schema = Optional.ofNullable(item.get(TableSchema.SCHEMA))
                .map(AttributeValue::n)
                .map(Integer::valueOf);
        if (schema.isPresent() && schema.get() > TableSchema.SCHEMA_VERSION) {
            throw new StoreException("the item " + item.get(TableSchema.PK) + ", " + item.get(TableSchema.SK)
                    + " was written by a newer reelbatch (its version " + schema.get() + ", known here "
                    + TableSchema.SCHEMA_VERSION + "): use that one");
        }
        return attribute(item, TableSchema.DOC).s();
    }

    /**
     * An attribute that each such item has.
     *
     * @throws StoreException if this one has not
     */
    static AttributeValue attribute(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        if (value == null) {
            throw new StoreException("the item " + item.get(TableSchema.PK) + ", " + item.get(TableSchema.SK)
                    + " is damaged: it has no attribute " + name);
        }
        return value;
    }

    static AttributeValue text(String value) {
        return AttributeValue.fromS(value);
    }

    static AttributeValue number(Number value) {
        return AttributeValue.fromN(value.toString());
    }
}
