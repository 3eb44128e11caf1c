package io.reelbatch.adapters.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.store.Fact;
import io.reelbatch.domain.store.FactKey;
import io.reelbatch.domain.store.JobStore;
import io.reelbatch.domain.store.JobStoreContract;
import io.reelbatch.domain.store.SampleRecords;
import io.reelbatch.errors.StoreException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

@UsesDynamoDbLocal
class DynamoDbJobStoreTest extends JobStoreContract {
    private static final String TABLE = "contract";

    private final Emulators emulators;
    private final String batch = "batch-" + UUID.randomUUID();

    DynamoDbJobStoreTest(Emulators emulators) {
        this.emulators = emulators;
    }

    @Override
    protected JobStore openStore() {
        DynamoDbClient client = emulators.clients().dynamoDb();
        TableSchema.createIfMissing(client, TABLE);
        return new DynamoDbJobStore(client, TABLE);
    }

    @Test
    void peopleSeeInTheTableWhatAnItemIs() {
        try (JobStore store = openStore();
                DynamoDbClient client = emulators.clients().dynamoDb()) {
            store.addJobs(List.of(SampleRecords.job(batch, 17)));

            Map<String, AttributeValue> item = client.getItem(request -> request.tableName(TABLE)
                            .key(Map.of(
                                    "pk", AttributeValue.fromS("JOBS#01#" + batch),
                                    "sk", AttributeValue.fromS("0000017"))))
                    .item();

            assertThat(item)
                    .containsEntry("name", AttributeValue.fromS("job 17"))
                    .containsEntry("model", AttributeValue.fromS("flux"))
                    .containsEntry("state", AttributeValue.fromS("PLANNED"))
                    .containsEntry("version", AttributeValue.fromN("1"))
                    .containsEntry("schemaVersion", AttributeValue.fromN("1"))
                    .containsKey("doc");
        }
    }

    @Test
    void aTableForgetsWhatExpires() {
        Instant expires = Instant.parse("2026-11-02T12:00:00Z");
        try (JobStore store = openStore();
                DynamoDbClient client = emulators.clients().dynamoDb()) {
            store.putFact(Fact.first(new FactKey(batch, "upload"), "x", Optional.of(expires)));

            Map<String, AttributeValue> item = client.getItem(request -> request.tableName(TABLE)
                            .key(Map.of(
                                    "pk", AttributeValue.fromS("FACT#" + batch),
                                    "sk", AttributeValue.fromS("upload"))))
                    .item();

            assertThat(item).containsEntry("expiresAt", AttributeValue.fromN("" + expires.getEpochSecond()));
        }
    }

    @Test
    void anItemOfANewerVersionIsRefusedAndNamed() {
        try (JobStore store = openStore();
                DynamoDbClient client = emulators.clients().dynamoDb()) {
            client.putItem(request -> request.tableName(TABLE)
                    .item(Map.of(
                            "pk", AttributeValue.fromS("BATCH#" + batch),
                            "sk", AttributeValue.fromS("BATCH"),
                            "schemaVersion", AttributeValue.fromN("2"),
                            "doc", AttributeValue.fromS("{}"))));

            assertThatThrownBy(() -> store.batch(batch))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("newer reelbatch");
        }
    }

    @Test
    void theJobsOfABatchLieOnManyKeys() {
        assertThat(IntStream.range(0, 1_000).map(TableSchema::partition).distinct())
                .hasSize(16);
    }

    @Test
    void aMissingTableIsNamed() {
        try (JobStore store = new DynamoDbJobStore(emulators.clients().dynamoDb(), "no-such-table")) {
            assertThatThrownBy(() -> store.batch(batch))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("no-such-table")
                    .hasMessageContaining("AWS_REGION");
            assertThatThrownBy(() -> store.addJobs(List.of(SampleRecords.job(batch, 0))))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("no-such-table");
        }
    }

    @Test
    void aRecordThatIsTooLargeIsNamedWithTheLimit() {
        JobRecord tooLarge = SampleRecords.job(batch, 3, "x".repeat(410_000));
        try (JobStore store = openStore()) {
            assertThatThrownBy(() -> store.addJobs(List.of(tooLarge)))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("400 KB");
        }
    }

    @Test
    void aServerThatIsNotThereIsSaidSo() {
        AwsClients nowhere = new AwsClients(
                Map.of("AWS_ENDPOINT_URL", "http://127.0.0.1:1"),
                () -> AwsBasicCredentials.create("key", "very-secret"));
        try (JobStore store = new DynamoDbJobStore(nowhere.dynamoDb(), TABLE)) {
            assertThatThrownBy(() -> store.batch(batch))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining(TABLE)
                    .hasMessageContaining("AWS_ENDPOINT_URL")
                    .hasMessageNotContaining("very-secret");
            assertThatThrownBy(() -> TableSchema.createIfMissing(nowhere.dynamoDb(), TABLE))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining(TABLE)
                    .hasMessageContaining("AWS_ENDPOINT_URL");
            assertThatThrownBy(() -> S3ObjectStore.createIfMissing(nowhere.s3(), "a-bucket"))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("a-bucket")
                    .hasMessageContaining("AWS_ENDPOINT_URL");
        }
    }

    @Test
    void aClosedStoreSaysSo() {
        JobStore store = openStore();
        store.close();

        assertThatThrownBy(() -> store.batch(batch))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void aDamagedItemIsNamed() {
        try (JobStore store = openStore();
                DynamoDbClient client = emulators.clients().dynamoDb()) {
            client.putItem(request -> request.tableName(TABLE)
                    .item(Map.of(
                            "pk", AttributeValue.fromS("BATCH#" + batch),
                            "sk", AttributeValue.fromS("BATCH"),
                            "doc", AttributeValue.fromS("{\"secret\": "))));

            assertThatThrownBy(() -> store.batch(batch))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining(batch)
                    .hasMessageContaining(TABLE)
                    .hasMessageNotContaining("secret");
        }
    }
}
