package io.reelbatch.adapters.aws;

import io.reelbatch.domain.job.BatchRecord;
import io.reelbatch.domain.job.BatchRecord.BatchState;
import io.reelbatch.domain.job.JobKey;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.pace.PaceStore;
import io.reelbatch.domain.store.Fact;
import io.reelbatch.domain.store.FactKey;
import io.reelbatch.domain.store.JobStore;
import io.reelbatch.domain.store.StoredJson;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/**
 * Records in one DynamoDB table, laid out as {@link TableSchema} says. A record and its {@code schemaVersion} may be at most
 * 400 KB. A batch's committed total is one item, which takes at most 500 transactions a second.
 */
public final class DynamoDbJobStore implements JobStore {
    private static final int UNFINISHED_PAGE = 1000;
    private static final String IS_BEFORE = TableSchema.VERSION + " = :before";

    private final DynamoDbClient client;
    private final Table table;
    private final DynamoDbPace pace;

    /** The client becomes the store's, which closes it. */
    public DynamoDbJobStore(DynamoDbClient client, String tableName) {
        this.client = client;
        this.table = new Table(client, tableName);
        this.pace = new DynamoDbPace(table);
    }

    @Override
    public boolean createBatch(BatchRecord batch) {
        String what = "create batch " + batch.batchId();
        return put(what, batch, Table.newItem(Items.of(batch)));
    }

    @Override
    public Optional<BatchRecord> batch(String batchId) {
        String what = "read batch " + batchId;
        return table.get(what, Items.batchKey(batchId))
                .map(item -> StoredJson.batch(Items.doc(item), table.where("batch " + batchId)));
    }

    @Override
    public boolean replaceBatch(BatchRecord next) {
        String what = "write batch " + next.batchId();
        return put(what, next, replacing(Items.of(next), next.version()));
    }

    private boolean put(String what, BatchRecord batch, Put.Builder put) {
        Map<String, AttributeValue> mark = Items.unfinishedKey(batch.batchId());
        return batch.state() == BatchState.FINISHED
                ? table.putAndDelete(what, put, mark)
                : table.putBoth(what, put, mark);
    }

    @Override
    public List<String> unfinishedBatches() {
        List<String> ids = new ArrayList<>();
        Map<String, AttributeValue> from = Map.of();
        do {
            QueryResponse page =
                    table.page("list unfinished batches", TableSchema.UNFINISHED_PK, from, UNFINISHED_PAGE);
            page.items()
                    .forEach(item ->
                            ids.add(Items.attribute(item, TableSchema.SK).s()));
            from = page.hasLastEvaluatedKey() ? page.lastEvaluatedKey() : Map.of();
        } while (!from.isEmpty());
        return ids;
    }

    @Override
    public void addJobs(Iterable<JobRecord> jobs) {
        new BulkWriter(table).write(jobs);
    }

    @Override
    public Optional<JobRecord> job(JobKey key) {
        return table.get("read job " + key, Items.jobKey(key)).map(item -> job(key, item));
    }

    private JobRecord job(JobKey key, Map<String, AttributeValue> item) {
        return StoredJson.job(Items.doc(item), table.where("job " + key));
    }

    @Override
    public Written replace(JobRecord next, Spend spend) {
        String what = "write job " + next.key();
        Put.Builder put = replacing(Items.of(next), next.version());
        if (spend.amount().signum() == 0) {
            return table.put(what, put) ? Written.DONE : Written.STALE;
        }
        return table.putAndSpend(what, put, Items.committedKey(next.batchId()), spend);
    }

    private static Put.Builder replacing(Map<String, AttributeValue> item, long version) {
        return Put.builder()
                .item(item)
                .conditionExpression(IS_BEFORE)
                .expressionAttributeValues(Map.of(":before", Items.number(version - 1)));
    }

    @Override
    public BigDecimal committed(String batchId) {
        return table.get("read what is committed of batch " + batchId, Items.committedKey(batchId))
                .map(item -> new BigDecimal(
                        Items.attribute(item, TableSchema.COMMITTED).n()))
                .orElse(BigDecimal.ZERO);
    }

    @Override
    public void forEachJob(String batchId, Consumer<JobRecord> action) {
        new OrderedJobs(table, batchId).forEachRemaining(item -> action.accept(job(Items.key(batchId, item), item)));
    }

    @Override
    public Optional<Fact> fact(FactKey key) {
        return table.get("read the fact " + key, Items.factKey(key)).map(item -> Items.fact(key, item));
    }

    @Override
    public boolean putFact(Fact next) {
        Map<String, AttributeValue> item = Items.of(next);
        Put.Builder put = next.version() == 1 ? Table.newItem(item) : replacing(item, next.version());
        return table.put("write the fact " + next.key(), put);
    }

    @Override
    public PaceStore pace() {
        return pace;
    }

    @Override
    public void close() {
        client.close();
    }
}
