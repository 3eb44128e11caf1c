package io.reelbatch.adapters.aws;

import io.reelbatch.domain.pace.PaceKey;
import io.reelbatch.errors.StoreException;
import java.util.Locale;
import java.util.Map;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/**
 * The table's keys and attributes. The template creates the same table; {@link #createIfMissing} is for stand-ins.
 *
 * <p>A batch is {@code BATCH#<id>}, with the item {@code BATCH} for its record and {@code COMMITTED} for the total that is
 * spent. Its jobs are spread over {@value #PARTITIONS} partition keys {@code JOBS#<nn>#<id>}, by index, with the index as sort
 * key: one key takes about 1,000 writes a second, and a large batch is written faster. Facts are {@code FACT#<scope>}, with their name as
 * sort key. {@code UNFINISHED} has an item for each batch that is not finished, with its id as sort key. Generation times are
 * {@code LATENCY#<account>#<kind>#<model>}, an item each, with the moment of writing as sort key, and rate limits
 * {@code LIMIT#<account>#<kind>#<model>}, {@code LIMIT}.
 */
public final class TableSchema {
    /** Partition key. */
    public static final String PK = "pk";
    /** Sort key. */
    public static final String SK = "sk";
    /** Seconds since 1970 after which DynamoDB may remove the item; for the template's TimeToLiveSpecification. */
    public static final String TTL = "expiresAt";

    /** The record as JSON. */
    static final String DOC = "doc";
    /** The record's own version. */
    static final String VERSION = "version";
    /** Random, new with each write: tells an own write, whose answer was lost, from somebody else's. */
    static final String WRITE_ID = "writeId";
    /** USD, on the item {@link #COMMITTED_SK}. */
    static final String COMMITTED = "committed";
    /** Which layout of items and attributes this is. */
    static final String SCHEMA = "schemaVersion";

    /** How long a generation took, milliseconds. */
    static final String MILLIS = "millis";

    /** The next slot of a rate limit, microseconds since 1970. */
    static final String NEXT_MICROS = "nextMicros";

    static final String NAME = "name";
    static final String MODEL = "model";
    static final String STATE = "state";

    static final int SCHEMA_VERSION = 1;
    static final int PARTITIONS = 16;
    static final String BATCH_SK = "BATCH";
    static final String COMMITTED_SK = "COMMITTED";

    /** Written and removed in the transactions that write the batch's own item. */
    static final String UNFINISHED_PK = "UNFINISHED";

    private static final int MAX_INDEX = 9_999_999;

    private TableSchema() {}

    static String batchPk(String batchId) {
        return "BATCH#" + batchId;
    }

    static String jobsPk(String batchId, int partition) {
        return String.format(Locale.ROOT, "JOBS#%02d#%s", partition, batchId);
    }

    static String factPk(String scope) {
        return "FACT#" + scope;
    }

    static String latencyPk(PaceKey key) {
        return "LATENCY#" + key.name();
    }

    static Map<String, AttributeValue> limitKey(PaceKey key) {
        return Map.of(PK, Items.text("LIMIT#" + key.name()), SK, Items.text("LIMIT"));
    }

    static int partition(int index) {
        return index % PARTITIONS;
    }

    /** Sorts as the number does. */
    static String jobSk(int index) {
        if (index < 0 || index > MAX_INDEX) {
            throw new IllegalArgumentException("a job's index is from 0 to " + MAX_INDEX + ", not " + index);
        }
        return String.format(Locale.ROOT, "%07d", index);
    }

    /** The table as the template declares it, less what only the template sets. */
    public static CreateTableRequest table(String name) {
        return CreateTableRequest.builder()
                .tableName(name)
                .keySchema(key(PK, KeyType.HASH), key(SK, KeyType.RANGE))
                .attributeDefinitions(text(PK), text(SK))
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .build();
    }

    /**
     * Makes the table and waits until it can be used; nothing happens when it is there.
     *
     * @throws StoreException if it cannot be made
     */
    public static void createIfMissing(DynamoDbClient client, String name) {
        try {
            create(client, name);
            client.waiter().waitUntilTableExists(request -> request.tableName(name));
        } catch (SdkException e) {
            throw new StoreException("cannot create table " + name + ": " + Advice.on(e), e);
        }
    }

    private static void create(DynamoDbClient client, String name) {
        try {
            client.createTable(table(name));
        } catch (ResourceInUseException e) {
            // It is there.
        }
    }

    private static KeySchemaElement key(String name, KeyType type) {
        return KeySchemaElement.builder().attributeName(name).keyType(type).build();
    }

    private static AttributeDefinition text(String name) {
        return AttributeDefinition.builder()
                .attributeName(name)
                .attributeType(ScalarAttributeType.S)
                .build();
    }
}
