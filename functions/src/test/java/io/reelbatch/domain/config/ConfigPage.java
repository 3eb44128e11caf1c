package io.reelbatch.domain.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code docs/config.md}: the schema as tables for people. */
final class ConfigPage {
    private static final Pattern DEFAULT = Pattern.compile("Default(?: for images)?: ([^.]*(?:\\.\\S[^.]*)*)\\.");

    private final JsonNode schema;
    private final StringBuilder page = new StringBuilder();

    private ConfigPage(JsonNode schema) {
        this.schema = schema;
    }

    static String of(JsonNode schema) {
        return new ConfigPage(schema).page();
    }

    private String page() {
        page.append("""
                # The config, field by field

                YAML or JSON, UTF-8, up to 64 MB. Made from [batch.schema.json](../schemas/batch.schema.json), which editors complete and check
                by; `ConfigPageTest` keeps the two the same. A mistake is told with its file, line, job and field before anything is paid.

                """);
        section("The batch", schema);
        section("`notify`", schema.at("/properties/notify"));
        section("`prices`, by model id", schema.at("/$defs/price"));
        section("A job, under `jobs`", schema.at("/$defs/job"));
        names("`defaults`", schema.at("/properties/defaults"), schema.at("/$defs/job"));
        names("`defaults.images` and `defaults.videos`", schema.at("/$defs/kindDefaults"), schema.at("/$defs/job"));
        names("`template`", schema.at("/properties/template"), schema.at("/$defs/job"));
        return page.toString().stripTrailing() + "\n";
    }

    private void section(String title, JsonNode object) {
        page.append("## ").append(title).append("\n\n");
        page.append("| field | type | default | range | meaning | example |\n|---|---|---|---|---|---|\n");
        for (Map.Entry<String, JsonNode> field : object.path("properties").properties()) {
            JsonNode place = field.getValue();
            List<String> cells = List.of(
                    "`" + field.getKey() + "`" + (isRequired(object, field.getKey()) ? ", required" : ""),
                    type(place),
                    byDefault(place).map(text -> "`" + text + "`").orElse(""),
                    range(place),
                    meaning(place),
                    "`"
                            + find(place, "examples")
                                    .map(all -> all.path(0).toString())
                                    .orElse("") + "`");
            page.append("| ").append(String.join(" | ", cells)).append(" |\n");
        }
        page.append('\n');
    }

    /** Fields that are those of a job, without saying it all again. */
    private void names(String title, JsonNode object, JsonNode job) {
        page.append("## ").append(title).append("\n\n");
        find(object, "description").ifPresent(text -> page.append(text.asText()).append("\n\n"));
        List<String> same = new ArrayList<>();
        List<String> own = new ArrayList<>();
        object.path("properties")
                .fieldNames()
                .forEachRemaining(name -> (job.path("properties").has(name) ? same : own).add("`" + name + "`"));
        page.append("Fields as in a job: ").append(String.join(", ", same)).append(".");
        if (!own.isEmpty()) {
            page.append(" Besides: ").append(String.join(", ", own)).append(".");
        }
        page.append("\n\n");
    }

    private static boolean isRequired(JsonNode object, String field) {
        for (JsonNode name : object.path("required")) {
            if (name.asText().equals(field)) {
                return true;
            }
        }
        return false;
    }

    private Optional<JsonNode> find(JsonNode place, String keyword) {
        if (place.has(keyword)) {
            return Optional.of(place.get(keyword));
        }
        return place.has("$ref")
                ? find(schema.at(place.path("$ref").asText().substring(1)), keyword)
                : Optional.empty();
    }

    private String type(JsonNode place) {
        if (find(place, "type").isPresent()) {
            return word(find(place, "type").get().asText());
        }
        List<String> types = new ArrayList<>();
        find(place, "anyOf").orElseGet(JsonNodeFactory.instance::arrayNode).forEach(one -> types.add(type(one)));
        return String.join(" or ", types.stream().distinct().toList());
    }

    private static String word(String type) {
        return switch (type) {
            case "string" -> "text";
            case "integer" -> "whole number";
            case "boolean" -> "true or false";
            case "array" -> "list";
            case "object" -> "mapping";
            default -> type.toLowerCase(Locale.ROOT);
        };
    }

    private Optional<String> byDefault(JsonNode place) {
        if (find(place, "default").isPresent()) {
            return Optional.of(find(place, "default").get().asText());
        }
        Matcher said =
                DEFAULT.matcher(find(place, "description").map(JsonNode::asText).orElse(""));
        return said.find() ? Optional.of(said.group(1)) : Optional.empty();
    }

    private String range(JsonNode place) {
        return cell(find(place, SchemaCheck.WORDING).map(JsonNode::asText).orElse(""));
    }

    private String meaning(JsonNode place) {
        return cell(find(place, "description").map(JsonNode::asText).orElse(""));
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("<", "&lt;");
    }
}
