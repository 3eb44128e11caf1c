package io.reelbatch.cli.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A CloudFormation template of this repository as JSON, with the short forms of intrinsic functions written out: {@code !Ref X}
 * is <code>{"Ref": "X"}</code>, {@code !Sub "..."} is <code>{"Fn::Sub": "..."}</code>.
 *
 * @param name as in a message
 */
record Template(String name, JsonNode root) {
    static Template application() {
        return read("template.yaml");
    }

    /** Every template: the application and what lies in {@code infra/}. */
    static List<Template> all() {
        return List.of(
                application(),
                read("infra/intake.yaml"),
                read("infra/observability.yaml"),
                read("infra/deploy-role.yaml"));
    }

    static Template read(String path) {
        try (Reader reader = Files.newBufferedReader(root(path))) {
            return new Template(path, json(new Yaml().compose(reader)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file by its path in the repository. */
    static Path root(String path) {
        return Path.of("..").resolve(path);
    }

    private static JsonNode json(Node node) {
        JsonNode plain = plain(node);
        String tag = node.getTag().getValue();
        if (!tag.startsWith("!") || tag.equals(Tag.PREFIX)) {
            return plain;
        }
        String function = tag.substring(1);
        return JsonNodeFactory.instance
                .objectNode()
                .set(function.equals("Ref") || function.equals("Condition") ? function : "Fn::" + function, plain);
    }

    private static JsonNode plain(Node node) {
        if (node instanceof MappingNode mapping) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            for (NodeTuple field : mapping.getValue()) {
                object.set(((ScalarNode) field.getKeyNode()).getValue(), json(field.getValueNode()));
            }
            return object;
        } else if (node instanceof SequenceNode sequence) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            sequence.getValue().forEach(item -> array.add(json(item)));
            return array;
        }
        return JsonNodeFactory.instance.textNode(((ScalarNode) node).getValue());
    }

    /** Properties of the resources of a type, by logical name. */
    Map<String, JsonNode> resources(String type) {
        Map<String, JsonNode> found = new LinkedHashMap<>();
        root.path("Resources").properties().forEach(resource -> {
            if (resource.getValue().path("Type").asText().equals(type)) {
                found.put(resource.getKey(), resource.getValue().path("Properties"));
            }
        });
        return found;
    }

    /** Properties of the one resource of that name. */
    JsonNode resource(String logicalName) {
        JsonNode found = root.at("/Resources/" + logicalName + "/Properties");
        return Objects.requireNonNull(found.isMissingNode() ? null : found, name + " has no " + logicalName);
    }

    /** Properties of each function, by the name of its handler's class. */
    Map<String, JsonNode> functions() {
        Map<String, JsonNode> functions = new LinkedHashMap<>();
        resources("AWS::Serverless::Function").values().forEach(function -> {
            String handler = function.path("Handler").asText();
            functions.put(handler.substring(handler.lastIndexOf('.') + 1, handler.indexOf("::")), function);
        });
        return functions;
    }

    /**
     * A statement of a policy.
     *
     * @param owner logical name of the resource that it stands in
     */
    record Statement(String owner, String sid, boolean allows, List<String> actions, List<String> resources) {}

    /** Every statement of every policy of a role or managed policy; trust policies are left out. */
    List<Statement> statements() {
        List<Statement> found = new ArrayList<>();
        root.path("Resources")
                .properties()
                .forEach(resource -> policies(resource.getValue().path("Properties"))
                        .flatMap(policy -> elements(policy.path("Statement")))
                        .forEach(statement -> found.add(statement(resource.getKey(), statement))));
        return found;
    }

    private static Stream<JsonNode> policies(JsonNode properties) {
        return Stream.concat(
                Stream.of(properties.path("PolicyDocument")),
                elements(properties.path("Policies")).map(policy -> policy.path("PolicyDocument")));
    }

    private static Statement statement(String owner, JsonNode statement) {
        return new Statement(
                owner,
                statement.path("Sid").asText(),
                statement.path("Effect").asText().equals("Allow"),
                elements(statement.path("Action")).map(JsonNode::asText).toList(),
                elements(statement.path("Resource"))
                        .map(node -> node.isTextual()
                                ? node.asText()
                                : node.elements().next().asText())
                        .toList());
    }

    /** The elements of a list, or the one value that stands for a list of one. */
    static Stream<JsonNode> elements(JsonNode node) {
        return node.isMissingNode()
                ? Stream.of()
                : node.isArray() ? StreamSupport.stream(node.spliterator(), false) : Stream.of(node);
    }
}
