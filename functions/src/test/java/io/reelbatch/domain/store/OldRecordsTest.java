package io.reelbatch.domain.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.domain.job.BatchRecord;
import io.reelbatch.domain.job.BatchRecord.BatchState;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.job.JobState;
import io.reelbatch.domain.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Records that were written before a field existed. */
class OldRecordsTest {
    @Test
    void aBatchOfBeforeReuseDoesNotReuse() throws JsonProcessingException {
        BatchRecord batch = SampleRecords.batch("b1");
        ObjectNode json = (ObjectNode) Json.mapper().readTree(StoredJson.write(batch));
        ((ObjectNode) json.path("settings")).remove("reuse");

        assertThat(StoredJson.batch(json.toString(), "b1")).isEqualTo(batch);
    }

    /** As the first version wrote it: no budget, no halt, no execution, no reuse. */
    @Test
    void aBatchOfTheFirstVersionIsRead() {
        BatchRecord batch = StoredJson.batch(fixture("batch-v1.json"), "b1");

        assertThat(batch.batchId()).isEqualTo("20261101-120000-1a2b3c4d");
        assertThat(batch.state()).isEqualTo(BatchState.RUNNING);
        assertThat(batch.estimate()).isEqualByComparingTo("0.95");
        assertThat(batch.execution()).isEmpty();
        assertThat(batch.settings().reuse()).isFalse();
        assertThat(StoredJson.batch(StoredJson.write(batch), "b1")).isEqualTo(batch);
    }

    @Test
    void aJobOfTheFirstVersionIsReadWithItsLedger() {
        JobRecord job = StoredJson.job(fixture("job-v1.json"), "b1/0");

        assertThat(job.state()).isEqualTo(JobState.SUBMITTED);
        assertThat(job.plan().name()).isEqualTo("Hero Shot");
        assertThat(job.committed()).isEqualByComparingTo("0.04");
        assertThat(job.current().orElseThrow().predictionId()).contains("p1");
        assertThat(job.quote()).isEmpty();
        assertThat(StoredJson.job(StoredJson.write(job), "b1/0")).isEqualTo(job);
    }

    private static String fixture(String name) {
        try (InputStream in = Objects.requireNonNull(OldRecordsTest.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aJobOfBeforeInputsAndReuseHasNone() throws JsonProcessingException {
        JobRecord job = SampleRecords.job("b1", 0);
        ObjectNode json = (ObjectNode) Json.mapper().readTree(StoredJson.write(job));
        json.remove("reused");
        ((ObjectNode) json.path("plan")).remove("inputs");

        assertThat(StoredJson.job(json.toString(), "b1/0")).isEqualTo(job);
    }
}
