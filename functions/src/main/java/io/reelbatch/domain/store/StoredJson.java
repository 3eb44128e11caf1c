package io.reelbatch.domain.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.reelbatch.domain.job.BatchRecord;
import io.reelbatch.domain.job.JobRecord;
import io.reelbatch.domain.json.Json;
import io.reelbatch.errors.StoreException;
import java.nio.charset.StandardCharsets;

/** Records as the JSON text that a job store keeps, so that both stores keep the same. */
public final class StoredJson {
    private StoredJson() {}

    /** A batch as JSON that UTF-8 can hold. */
    public static String write(BatchRecord batch) {
        return writeAny(batch);
    }

    /** A job as JSON that UTF-8 can hold. */
    public static String write(JobRecord job) {
        return writeAny(job);
    }

    /**
     * Reads a batch back.
     *
     * @param where names the record in the message, with its file or table
     * @throws StoreException if the text is not such a record
     */
    public static BatchRecord batch(String json, String where) {
        return read(json, BatchRecord.class, where);
    }

    /**
     * Reads a job back.
     *
     * @param where names the record in the message, with its file or table
     * @throws StoreException if the text is not such a record
     */
    public static JobRecord job(String json, String where) {
        return read(json, JobRecord.class, where);
    }

    /** Anything else as JSON that UTF-8 can hold. */
    public static String writeAny(Object dataRecord) {
        try {
            String json = Json.mapper().writeValueAsString(dataRecord);
            // A provider's message that was cut in half of an emoji must not make a record unwritable.
            return StandardCharsets.UTF_8.newEncoder().canEncode(json)
                    ? json
                    : Json.mapper()
                            .writer()
                            .with(JsonWriteFeature.ESCAPE_NON_ASCII)
                            .writeValueAsString(dataRecord);
        } catch (JsonProcessingException e) {
            throw new StoreException("a record cannot be written as JSON: " + e.getOriginalMessage(), e);
        }
    }

    /**
     * Reads anything else back.
     *
     * @param where names it in the message, with its file or table
     * @throws StoreException if the text is not such a value
     */
    public static <T> T read(String json, Class<T> type, String where) {
        try {
            return Json.mapper().readValue(json, type);
        } catch (JsonProcessingException e) {
            // The parser's message may quote the record, and a record quotes what the provider said.
            throw new StoreException(where + " is damaged, or was written by a newer reelbatch: not a "
                    + type.getSimpleName() + " (" + e.getClass().getSimpleName() + " at " + position(e) + ")");
        }
    }

    private static String position(JsonProcessingException e) {
        return e.getLocation() == null
                ? "an unknown place"
                : "character " + e.getLocation().getCharOffset();
    }
}
