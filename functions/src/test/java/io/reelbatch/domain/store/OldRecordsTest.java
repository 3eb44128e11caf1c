package io.reelbatch.domain.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.domain.job.BatchRecord;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.json.Json;
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

    @Test
    void aJobOfBeforeInputsAndReuseHasNone() throws JsonProcessingException {
        JobRecord job = SampleRecords.job("b1", 0);
        ObjectNode json = (ObjectNode) Json.mapper().readTree(StoredJson.write(job));
        json.remove("reused");
        ((ObjectNode) json.path("plan")).remove("inputs");

        assertThat(StoredJson.job(json.toString(), "b1/0")).isEqualTo(job);
    }
}
