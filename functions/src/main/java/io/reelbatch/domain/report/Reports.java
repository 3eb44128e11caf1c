package io.reelbatch.domain.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import io.reelbatch.domain.job.BatchRecord;
import io.reelbatch.domain.json.Json;
import io.reelbatch.domain.report.BatchTotals.ModelTotals;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Writes a batch's reports as streams: a job at a time, whatever their number. The caller closes the streams.
 *
 * @param generatedAt when the reports are made
 */
public record Reports(BatchRecord batch, BatchTotals totals, Instant generatedAt) {

    /** Hands over every result in the order of the config. */
    @FunctionalInterface
    public interface Results {
        void forEach(ResultWriter writer) throws IOException;
    }

    /** Takes one result. */
    @FunctionalInterface
    public interface ResultWriter {
        void write(JobResult result) throws IOException;
    }

    /** {@code manifest.json}: the tutorial's keys first, then the ledger and the results. */
    public void writeManifest(OutputStream out, Results results) throws IOException {
        ModelTotals all = totals.all();
        try (JsonGenerator json = open(out)) {
            json.writeStartObject();
            json.writeStringField("generated_at", generatedAt.toString());
            json.writeNumberField("total_cost", all.totalCost());
            json.writeNumberField("total_jobs", all.jobs());
            json.writeNumberField("successful", all.successful());
            json.writeNumberField("failed", all.failed());
            json.writeStringField("batch_id", batch.batchId());
            json.writePOJOField("estimate", batch.estimate());
            json.writePOJOField("ledger", ledger());
            json.writePOJOField("failures", totals.failures());
            json.writePOJOField("halted", batch.halt().map(BatchRecord.Halt::message));
            json.writePOJOField("warnings", warnings());
            json.writeArrayFieldStart("results");
            results.forEach(json::writePOJO);
            json.writeEndArray();
            json.writeEndObject();
        }
    }

    /** {@code cost-report.json}: what each model cost, and what each job did. */
    public void writeCostReport(OutputStream out, Results results) throws IOException {
        try (JsonGenerator json = open(out)) {
            json.writeStartObject();
            json.writeStringField("generated_at", generatedAt.toString());
            json.writeStringField("batch_id", batch.batchId());
            json.writeStringField("currency", "USD");
            json.writeNumberField("total_cost", totals.all().totalCost());
            json.writePOJOField("estimate", batch.estimate());
            json.writePOJOField("ledger", ledger());
            json.writePOJOField("by_model", totals.byModel());
            json.writeArrayFieldStart("jobs");
            results.forEach(result -> json.writePOJO(row(result)));
            json.writeEndArray();
            json.writeEndObject();
        }
    }

    /** {@code cost-report.csv}: a row a job, for a spreadsheet. */
    public void writeCsv(OutputStream out, Results results) throws IOException {
        CsvSchema.Builder columns = CsvSchema.builder().setUseHeader(true);
        COLUMNS.forEach(columns::addColumn);
        CsvMapper mapper = new CsvMapper();
        mapper.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
        mapper.enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN);
        try (SequenceWriter writer = mapper.writer(columns.build()).writeValues(out)) {
            results.forEach(result -> writer.write(cells(row(result))));
        }
    }

    /** A spreadsheet would run a text that starts like a formula; an apostrophe before it makes it text. */
    static Map<String, Object> cells(Map<String, Object> row) {
        row.replaceAll((column, value) ->
                value instanceof String text && FORMULA.matcher(text).lookingAt() ? "'" + text : value);
        return row;
    }

    private static final Pattern FORMULA = Pattern.compile("[=+@\\t\\r-]");

    private static final List<String> COLUMNS = List.of(
            "name",
            "id",
            "type",
            "model",
            "status",
            "reason",
            "cost",
            "charged",
            "at_risk",
            "price_guessed",
            "price_source",
            "attempts",
            "unknown_submits",
            "generation_time",
            "path",
            "reused_from",
            "avoided");

    private static Map<String, Object> row(JobResult result) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("name", result.name());
        row.put("id", result.id().orElse(""));
        row.put("type", result.type());
        row.put("model", result.model());
        row.put("status", result.status());
        row.put("reason", result.reason().orElse(""));
        row.put("cost", result.cost());
        row.put("charged", result.charged());
        row.put("at_risk", result.atRisk());
        row.put("price_guessed", result.priceGuessed());
        row.put("price_source", result.priceSource());
        row.put("attempts", result.attempts());
        row.put("unknown_submits", result.unknownSubmits());
        row.put(
                "generation_time",
                result.generationTime().map(BigDecimal::toPlainString).orElse(""));
        row.put("path", result.path().orElse(""));
        row.put("reused_from", result.reusedFrom().orElse(""));
        row.put("avoided", result.avoided());
        return row;
    }

    /** What was adapted or guessed, and where the provider's prices are not the table's; one sentence each. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>(batch.warnings());
        warnings.addAll(totals.drift());
        return warnings;
    }

    private Map<String, BigDecimal> ledger() {
        Map<String, BigDecimal> ledger = new LinkedHashMap<>();
        ledger.put("charged", totals.all().charged());
        ledger.put("at_risk", totals.all().atRisk());
        ledger.put("avoided", totals.all().avoided());
        return ledger;
    }

    private static JsonGenerator open(OutputStream out) throws IOException {
        return Json.mapper()
                .getFactory()
                .createGenerator(out)
                .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
                .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
                .useDefaultPrettyPrinter();
    }
}
