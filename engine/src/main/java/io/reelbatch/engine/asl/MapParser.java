package io.reelbatch.engine.asl;

import com.fasterxml.jackson.databind.JsonNode;
import io.reelbatch.engine.asl.Distribution.Batcher;
import io.reelbatch.engine.asl.Distribution.InputType;
import io.reelbatch.engine.asl.Distribution.OutputType;
import io.reelbatch.engine.asl.Distribution.Reader;
import io.reelbatch.engine.asl.Distribution.Transformation;
import io.reelbatch.engine.asl.Distribution.Writer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what only a Distributed Map has. */
final class MapParser {
    private static final String GET_OBJECT = "arn:aws:states:::s3:getObject";
    private static final String LIST_OBJECTS = "arn:aws:states:::s3:listObjectsV2";
    private static final String PUT_OBJECT = "arn:aws:states:::s3:putObject";
    private static final Map<String, Character> DELIMITERS =
            Map.of("COMMA", ',', "PIPE", '|', "SEMICOLON", ';', "SPACE", ' ', "TAB", '\t');

    private final Fields fields;

    MapParser(Fields fields) {
        this.fields = fields;
    }

    void refuseDistribution() {
        for (String name : List.of(
                "ItemReader",
                "ItemBatcher",
                "ToleratedFailureCount",
                "ToleratedFailurePercentage",
                "ResultWriter",
                "Label")) {
            if (fields.value(name).isPresent()) {
                fields.problem(name, "belongs to a DISTRIBUTED Map, and this one is INLINE");
            }
        }
    }

    Distribution distribution() {
        return new Distribution(
                fields.object("ItemReader").map(this::reader),
                fields.object("ItemBatcher").map(this::batcher),
                fields.template("ToleratedFailureCount", MapParser::notNegative, "must be a whole number"),
                fields.template(
                        "ToleratedFailurePercentage",
                        value -> value.isNumber() && value.doubleValue() >= 0 && value.doubleValue() <= 100,
                        "must be a number from 0 to 100"),
                fields.object("ResultWriter").map(this::writer),
                label());
    }

    private Optional<String> label() {
        Optional<String> label = fields.text("Label");
        label.filter(text -> text.isEmpty() || text.length() > 40)
                .ifPresent(text -> fields.problem("Label", "has 1 to 40 characters"));
        label.filter(text ->
                        text.chars().anyMatch(c -> c <= ' ' || c > '~' || "?*<>{}[]:;,\\|^~$#%&`\"/".indexOf(c) >= 0))
                .ifPresent(text -> fields.problem("Label", "has no spaces, wildcards, brackets or special characters"));
        return label;
    }

    private Reader reader(Fields reader) {
        String resource = reader.requiredText("Resource", GET_OBJECT + " or " + LIST_OBJECTS);
        boolean listing = resource.equals(LIST_OBJECTS);
        if (!resource.isEmpty() && !listing && !resource.equals(GET_OBJECT)) {
            reader.problem("Resource", "must be " + GET_OBJECT + " or " + LIST_OBJECTS + ", not " + resource);
        }
        reader.required("Arguments", "the Bucket and the Key or Prefix");
        Template arguments = reader.template("Arguments").orElse(new Template.Literal(StateParser.empty()));
        Optional<Fields> config = reader.object("ReaderConfig");
        InputType type = config.flatMap(c -> c.oneOf("InputType", InputType.class, any -> any != InputType.LISTING))
                .orElse(listing ? InputType.LISTING : InputType.JSON);
        if (!listing && config.map(c -> !c.has("InputType")).orElse(true)) {
            reader.problem("ReaderConfig", "needs an InputType: JSON, JSONL or CSV");
        }
        Optional<List<String>> headers = config.flatMap(c -> headers(c, type));
        char delimiter = config.map(MapParser::delimiter).orElse(',');
        Optional<Template> maxItems =
                config.flatMap(c -> c.template("MaxItems", MapParser::notNegative, "must be a whole number"));
        Optional<String> pointer = config.flatMap(c -> c.text("ItemsPointer"));
        config.ifPresent(c -> c.refuseTheRest("a ReaderConfig that this engine supports"));
        reader.refuseTheRest("an ItemReader");
        return new Reader(arguments, type, headers, delimiter, maxItems, pointer);
    }

    private static Optional<List<String>> headers(Fields config, InputType type) {
        Optional<HeaderLocation> location = config.oneOf("CSVHeaderLocation", HeaderLocation.class, any -> true);
        List<String> headers = config.texts("CSVHeaders");
        if (type == InputType.CSV && location.isEmpty()) {
            config.required("CSVHeaderLocation", "FIRST_ROW or GIVEN");
        }
        if (location.isPresent() && location.get() == HeaderLocation.GIVEN) {
            config.required("CSVHeaders", "the names of the columns");
            return Optional.of(headers);
        }
        if (config.has("CSVHeaders")) {
            config.problem("CSVHeaders", "belongs to \"CSVHeaderLocation\": \"GIVEN\"");
        }
        return Optional.empty();
    }

    private static char delimiter(Fields config) {
        Optional<String> name = config.text("CSVDelimiter");
        name.filter(given -> !DELIMITERS.containsKey(given))
                .ifPresent(given ->
                        config.problem("CSVDelimiter", "must be COMMA, PIPE, SEMICOLON, SPACE or TAB, not " + given));
        return name.map(given -> DELIMITERS.getOrDefault(given, ',')).orElse(',');
    }

    private enum HeaderLocation {
        FIRST_ROW,
        GIVEN
    }

    private Batcher batcher(Fields batcher) {
        if (!batcher.has("MaxItemsPerBatch") && !batcher.has("MaxInputBytesPerBatch")) {
            fields.problem("ItemBatcher", "needs MaxItemsPerBatch or MaxInputBytesPerBatch");
        }
        Batcher parsed = new Batcher(
                batcher.template("BatchInput"),
                batcher.template("MaxItemsPerBatch", MapParser::positive, "must be a positive whole number"),
                batcher.template("MaxInputBytesPerBatch", MapParser::positive, "must be a positive whole number"));
        batcher.refuseTheRest("an ItemBatcher");
        return parsed;
    }

    private Writer writer(Fields writer) {
        Optional<String> resource = writer.text("Resource");
        resource.filter(arn -> !arn.equals(PUT_OBJECT))
                .ifPresent(arn -> writer.problem("Resource", "must be " + PUT_OBJECT + ", not " + arn));
        Optional<Template> arguments = writer.template("Arguments");
        if (resource.isPresent() != arguments.isPresent()) {
            fields.problem("ResultWriter", "has Resource and Arguments together");
        }
        Optional<Fields> config = writer.object("WriterConfig");
        if (resource.isEmpty() && config.isEmpty()) {
            fields.problem("ResultWriter", "needs Resource and Arguments, WriterConfig, or all three");
        }
        Transformation transformation = config.flatMap(
                        c -> c.oneOf("Transformation", Transformation.class, any -> true))
                .orElse(Transformation.NONE);
        OutputType outputType = config.flatMap(c -> c.oneOf("OutputType", OutputType.class, any -> true))
                .orElse(OutputType.JSON);
        config.ifPresent(c -> c.refuseTheRest("a WriterConfig"));
        writer.refuseTheRest("a ResultWriter");
        return new Writer(arguments, transformation, outputType);
    }

    private static boolean positive(JsonNode value) {
        return value.isIntegralNumber() && value.longValue() > 0;
    }

    private static boolean notNegative(JsonNode value) {
        return value.isIntegralNumber() && value.longValue() >= 0;
    }
}
