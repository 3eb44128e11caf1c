package io.reelbatch.adapters.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.reelbatch.domain.job.BatchRecord;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.store.JobStore;
import io.reelbatch.domain.store.JobStore.Spend;
import io.reelbatch.domain.store.JobStore.Written;
import io.reelbatch.domain.store.ObjectStore.StoredObject;
import io.reelbatch.domain.store.ObjectWriter;
import io.reelbatch.domain.store.SampleRecords;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;

@UsesDynamoDbLocal
class LostAnswersTest {
    private static final String TABLE = "lost-answers";

    private final Emulators emulators;
    private final String batchId = "batch-" + UUID.randomUUID();

    LostAnswersTest(Emulators emulators) {
        this.emulators = emulators;
        try (DynamoDbClient client = emulators.clients().dynamoDb()) {
            TableSchema.createIfMissing(client, TABLE);
        }
    }

    private JobStore store(LosesOneAnswer http) {
        return new DynamoDbJobStore(
                emulators
                        .clients()
                        .dynamoDbBuilder()
                        .httpClientBuilder(defaults -> http)
                        .build(),
                TABLE);
    }

    @Test
    void aBatchThatWasCreatedIsOurs() {
        LosesOneAnswer http = LosesOneAnswer.toOperation("TransactWriteItems");
        try (JobStore store = store(http)) {
            assertThat(store.createBatch(SampleRecords.batch(batchId))).isTrue();
            assertThat(http.hasLostIt()).isTrue();
            assertThat(store.createBatch(SampleRecords.batch(batchId))).isFalse();
        }
    }

    @Test
    void aBatchThatWasReplacedIsOurs() {
        BatchRecord first = SampleRecords.batch(batchId);
        try (JobStore store = store(LosesOneAnswer.toOperation("None"))) {
            store.createBatch(first);
        }
        LosesOneAnswer http = LosesOneAnswer.toOperation("TransactWriteItems");
        try (JobStore store = store(http)) {
            assertThat(store.replaceBatch(SampleRecords.next(first, "second"))).isTrue();
            assertThat(http.hasLostIt()).isTrue();
        }
    }

    @Test
    void aJobThatWasReplacedIsNotStale() {
        JobRecord first = SampleRecords.job(batchId, 0);
        LosesOneAnswer http = LosesOneAnswer.toOperation("PutItem");
        try (JobStore store = store(http)) {
            store.addJobs(List.of(first));

            assertThat(store.replace(SampleRecords.next(first, "second"), Spend.NONE))
                    .isEqualTo(Written.DONE);
            assertThat(http.hasLostIt()).isTrue();
        }
    }

    @Test
    void aTransactionThatWasDoneIsNotStaleAndSpendsOnce() {
        JobRecord first = SampleRecords.job(batchId, 0);
        Spend all = new Spend(BigDecimal.ONE, Optional.of(BigDecimal.ONE));
        LosesOneAnswer http = LosesOneAnswer.toOperation("TransactWriteItems");
        try (JobStore store = store(http)) {
            store.addJobs(List.of(first));

            assertThat(store.replace(SampleRecords.next(first, "second"), all)).isEqualTo(Written.DONE);
            assertThat(http.hasLostIt()).isTrue();
            assertThat(store.committed(batchId)).isEqualByComparingTo("1");
        }
    }

    @Test
    void jobsThatWereAddedAreNotAddedAgain() {
        List<JobRecord> jobs = List.of(SampleRecords.job(batchId, 0), SampleRecords.job(batchId, 1));
        LosesOneAnswer http = LosesOneAnswer.toOperation("TransactWriteItems");
        try (JobStore store = store(http)) {
            store.addJobs(jobs);

            assertThat(http.hasLostIt()).isTrue();
            assertThat(store.job(jobs.get(0).key())).contains(jobs.get(0));
        }
    }

    @Test
    void aLargeObjectThatWasCommittedIsThere() throws IOException {
        String bucket = "lost-answers-" + UUID.randomUUID();
        LosesOneAnswer http = LosesOneAnswer.toCompletion();
        S3Client client = emulators
                .clients()
                .s3Builder()
                .httpClientBuilder(defaults -> http)
                .build();
        S3ObjectStore.createIfMissing(client, bucket);
        int bytes = S3ObjectWriter.PART_BYTES + 1;
        try (S3ObjectStore store = new S3ObjectStore(client, bucket);
                ObjectWriter writer = store.write("videos/a.mp4", "video/mp4")) {
            writer.write(new byte[bytes]);

            assertThat(writer.commit()).isEqualTo(new StoredObject("videos/a.mp4", bytes));
            assertThat(http.hasLostIt()).isTrue();
            assertThat(store.find("videos/a.mp4")).isPresent();
        }
    }
}
