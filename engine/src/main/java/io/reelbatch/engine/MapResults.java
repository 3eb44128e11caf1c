package io.reelbatch.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.engine.asl.Distribution;
import io.reelbatch.engine.asl.Distribution.OutputType;
import io.reelbatch.engine.asl.Distribution.Transformation;
import io.reelbatch.engine.asl.QueryException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What becomes of the children's outputs: files of the ResultWriter, or the output of the state. */
final class MapResults {
    private static final byte[] NEW_LINE = {'\n'};

    /** The three files a ResultWriter writes. */
    private enum Kind {
        FAILED,
        PENDING,
        SUCCEEDED
    }

    private final Optional<Distribution.Writer> writer;
    private final Optional<ObjectPort> objects;
    private final String bucket;
    private final String folder;
    private final String mapRunArn;
    private final Map<Kind, ResultFile> files = new EnumMap<>(Kind.class);
    private final TreeMap<Integer, List<JsonNode>> kept = new TreeMap<>();
    private long keptSize;

    private MapResults(
            Optional<Distribution.Writer> writer,
            Optional<ObjectPort> objects,
            String bucket,
            String folder,
            String mapRunArn) {
        this.writer = writer;
        this.objects = objects;
        this.bucket = bucket;
        this.folder = folder;
        this.mapRunArn = mapRunArn;
    }

    /** Evaluates where results go; writes nothing yet. */
    static MapResults of(
            Optional<Distribution.Writer> writer,
            Visit visit,
            Optional<ObjectPort> objects,
            String mapRunArn,
            String mapRunId)
            throws QueryException {
        JsonNode place = Json.object();
        if (writer.isPresent() && writer.get().arguments().isPresent()) {
            place = writer.get().arguments().get().evaluate(visit);
        }
        String prefix = place.path("Prefix").asText();
        String folder = prefix.isEmpty() || prefix.endsWith("/") ? prefix + mapRunId : prefix + "/" + mapRunId;
        return new MapResults(writer, objects, place.path("Bucket").asText(), folder, mapRunArn);
    }

    private boolean toFiles() {
        return writer.isPresent() && writer.get().arguments().isPresent();
    }

    private Transformation transformation() {
        return writer.map(Distribution.Writer::transformation).orElse(Transformation.COMPACT);
    }

    /** Takes one child that has ended. */
    void add(int index, ExecutionRun child, ExecutionResult result) throws IOException {
        boolean succeeded = result.status() == ExecutionResult.Status.SUCCEEDED;
        List<JsonNode> values = succeeded ? transformed(child, result) : List.of(record(child, result));
        if (toFiles()) {
            ResultFile file = file(succeeded ? Kind.SUCCEEDED : Kind.FAILED);
            for (JsonNode value : values) {
                file.write(value);
            }
        } else if (succeeded || transformation() == Transformation.NONE) {
            keep(index, values);
        }
    }

    /** Takes one input that no child was started for. */
    void addPending(JsonNode input) throws IOException {
        if (toFiles()) {
            file(Kind.PENDING).write(Json.object().put("Input", Json.text(input)));
        }
    }

    private List<JsonNode> transformed(ExecutionRun child, ExecutionResult result) {
        JsonNode output = result.output().orElseThrow();
        return switch (transformation()) {
            case NONE -> List.of(record(child, result));
            case COMPACT -> List.of(output);
            case FLATTEN -> {
                List<JsonNode> elements = new ArrayList<>();
                if (output.isArray()) {
                    output.forEach(elements::add);
                } else {
                    elements.add(output);
                }
                yield elements;
            }
        };
    }

    private void keep(int index, List<JsonNode> values) {
        if (!tooLarge()) {
            for (JsonNode value : values) {
                keptSize += Json.size(value) + 1;
            }
            kept.put(index, values);
        }
        if (tooLarge()) {
            kept.clear();
        }
    }

    private boolean tooLarge() {
        return keptSize > 262_144;
    }

    /** The state's result; empty if it is larger than a state may pass on. */
    Optional<JsonNode> finish() throws IOException {
        if (toFiles()) {
            return Optional.of(writeManifest());
        }
        if (tooLarge()) {
            return Optional.empty();
        }
        ArrayNode result = Json.MAPPER.createArrayNode();
        kept.values().forEach(result::addAll);
        return Optional.of(result);
    }

    private JsonNode writeManifest() throws IOException {
        ObjectNode manifest = Json.object();
        manifest.put("DestinationBucket", bucket);
        manifest.put("MapRunArn", mapRunArn);
        ObjectNode lists = manifest.putObject("ResultFiles");
        for (Kind kind : Kind.values()) {
            ArrayNode list = lists.putArray(kind.name());
            ResultFile file = files.get(kind);
            if (file != null) {
                file.close();
                list.addObject().put("Key", file.key).put("Size", file.size);
            }
        }
        String key = folder + "/manifest.json";
        try (OutputStream out = create(key)) {
            out.write(Json.MAPPER.writeValueAsBytes(manifest));
        }
        ObjectNode result = Json.object();
        result.put("MapRunArn", mapRunArn);
        result.putObject("ResultWriterDetails").put("Bucket", bucket).put("Key", key);
        return result;
    }

    private ResultFile file(Kind kind) throws IOException {
        ResultFile file = files.get(kind);
        if (file == null) {
            boolean lines = writer.orElseThrow().outputType() == OutputType.JSONL;
            String key = folder + "/" + kind + "_0." + (lines ? "jsonl" : "json");
            file = new ResultFile(key, create(key), lines);
            files.put(kind, file);
        }
        return file;
    }

    private OutputStream create(String key) throws IOException {
        return objects.orElseThrow(() -> new IOException("this engine was built without objects"))
                .create(bucket, key);
    }

    private static JsonNode record(ExecutionRun child, ExecutionResult result) {
        boolean succeeded = result.status() == ExecutionResult.Status.SUCCEEDED;
        ObjectNode record = Json.object();
        result.cause().ifPresent(cause -> record.put("Cause", cause));
        result.error().ifPresent(error -> record.put("Error", error));
        record.put("ExecutionArn", child.identity().arn());
        record.put("Input", Json.text(child.input()));
        record.putObject("InputDetails").put("Included", true);
        record.put("Name", child.identity().name());
        result.output().ifPresent(output -> {
            record.put("Output", Json.text(output));
            record.putObject("OutputDetails").put("Included", true);
        });
        record.put("RedriveCount", 0);
        record.put("RedriveStatus", succeeded ? "NOT_REDRIVABLE" : "REDRIVABLE");
        if (succeeded) {
            record.put("RedriveStatusReason", "Execution is SUCCEEDED and cannot be redriven");
        }
        record.put("StartDate", Json.timestamp(child.startTime()));
        record.put("StateMachineArn", child.identity().machineArn());
        record.put("Status", result.status().name());
        record.put("StopDate", Json.timestamp(child.stopTime()));
        return record;
    }

    /** One file of results, written as they come. */
    private static final class ResultFile {
        private final String key;
        private final OutputStream out;
        private final boolean lines;
        private long size;

        ResultFile(String key, OutputStream out, boolean lines) {
            this.key = key;
            this.out = new BufferedOutputStream(out);
            this.lines = lines;
        }

        void write(JsonNode value) throws IOException {
            if (!lines) {
                put(new byte[] {(byte) (size == 0 ? '[' : ',')});
            }
            put(Json.MAPPER.writeValueAsBytes(value));
            if (lines) {
                put(NEW_LINE);
            }
        }

        private void put(byte[] bytes) throws IOException {
            out.write(bytes);
            size += bytes.length;
        }

        void close() throws IOException {
            if (!lines) {
                put(new byte[] {']'});
            }
            out.close();
        }
    }
}
