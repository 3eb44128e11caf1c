package io.reelbatch.domain.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;

/** Reads YAML from the events of a parser, so that every value has its line and aliases stay small. */
final class YamlSource {
    private static final String STANDARD_TAG = "tag:yaml.org,2002:";
    private static final String MERGE = "<<";
    private static final int LONGEST_EXPLANATION = 200;

    private final TreeBuilder builder;
    private final YamlEvents events;

    private YamlSource(String file, YamlEvents events) {
        this.builder = new TreeBuilder(file);
        this.events = events;
    }

    /**
     * The tree of a YAML text.
     *
     * @param content UTF-8, checked before
     * @param offset where the text starts, after a byte order mark
     */
    static Source read(String file, byte[] content, int offset, Shape shape) {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(Integer.MAX_VALUE);
        InputStreamReader reader = new InputStreamReader(
                new ByteArrayInputStream(content, offset, content.length - offset), StandardCharsets.UTF_8);
        YamlSource source = new YamlSource(file, new YamlEvents(new ParserImpl(new StreamReader(reader), options)));
        try {
            return source.document(shape);
        } catch (MarkedYAMLException e) {
            throw source.explained(e);
        } catch (ReaderException e) {
            throw source.builder.failure(
                    Optional.of(lineAt(content, offset, e.getPosition())),
                    String.format("has a control character (U+%04X) that YAML does not allow", e.getCodePoint()));
        } catch (YAMLException e) {
            throw source.builder.failure(
                    Optional.empty(), "is not YAML: " + Quoting.plain(text(e), LONGEST_EXPLANATION));
        }
    }

    private Source document(Shape shape) {
        events.next();
        if (events.at(Event.ID.StreamEnd)) {
            throw builder.failure(Optional.empty(), "is empty");
        }
        events.next();
        JsonNode root = node(shape);
        events.next();
        if (!events.at(Event.ID.StreamEnd)) {
            throw builder.failure(
                    Optional.of(line(events.peek())), "starts a second document here (---); a batch is one document");
        }
        return builder.finish(root);
    }

    private JsonNode node(Shape shape) {
        YamlEvents.Step step = events.next();
        if (step.event() instanceof AliasEvent alias) {
            return repeated(alias, step.target(), shape);
        }
        NodeEvent start = (NodeEvent) step.event();
        if (start.getAnchor() == null || events.replaying()) {
            return node(start, shape);
        }
        events.record(step);
        long before = builder.weight();
        int above = builder.startHeight();
        JsonNode node = node(start, shape);
        int height = builder.endHeight(above);
        events.recorded(start.getAnchor(), builder.weight() - before, height).remember(shape, node);
        return node;
    }

    private JsonNode node(NodeEvent start, Shape shape) {
        return switch (start.getEventId()) {
            case MappingStart -> mapping((CollectionStartEvent) start, shape);
            case SequenceStart -> listing((CollectionStartEvent) start, shape);
            default -> scalar((ScalarEvent) start, shape);
        };
    }

    private JsonNode repeated(AliasEvent alias, Optional<YamlEvents.Anchored> target, Shape shape) {
        YamlEvents.Anchored anchored = target.orElseThrow(() -> {
            String name = Quoting.plain(alias.getAnchor(), 60);
            return builder.failure(
                    Optional.of(line(alias)), "uses *" + name + ", but nothing before it is marked &" + name);
        });
        builder.repeat(anchored.weight(), anchored.height(), line(alias));
        return anchored.node(shape).orElseGet(() -> {
            events.replay(anchored);
            JsonNode node = node(shape);
            events.replayed();
            anchored.remember(shape, node);
            return node;
        });
    }

    private JsonNode mapping(CollectionStartEvent start, Shape shape) {
        int line = line(start);
        builder.enter(line);
        builder.value();
        kindOf(start.getTag(), line);
        TreeBuilder.Mapping mapping = builder.new Mapping(shape);
        JsonNode merged = JsonNodeFactory.instance.arrayNode();
        while (!events.at(Event.ID.MappingEnd)) {
            int keyLine = line(events.peek());
            String key = key(keyLine);
            builder.push(key);
            if (key.equals(MERGE)) {
                merged = node(shape);
            } else {
                mapping.put(key, node(shape.child(key)), keyLine);
            }
            builder.pop();
        }
        events.next();
        merge(mapping, merged, line);
        builder.leave();
        return mapping.finish();
    }

    private void merge(TreeBuilder.Mapping mapping, JsonNode merged, int line) {
        for (JsonNode source :
                merged.isArray() ? merged : JsonNodeFactory.instance.arrayNode().add(merged)) {
            if (source.isObject()) {
                mapping.merge(source);
            } else {
                builder.problem(line, "takes a mapping after " + MERGE + ", such as *an_anchor");
            }
        }
    }

    private String key(int line) {
        if (events.next().event() instanceof ScalarEvent key) {
            builder.text(key.getValue(), line);
            return key.getValue();
        }
        throw builder.failure(
                Optional.of(line),
                "has a key here that is not a word; a value that starts with {{ must stand in double quotes");
    }

    private JsonNode listing(CollectionStartEvent start, Shape shape) {
        int line = line(start);
        builder.enter(line);
        builder.value();
        kindOf(start.getTag(), line);
        TreeBuilder.Listing listing = builder.new Listing();
        while (!events.at(Event.ID.SequenceEnd)) {
            int itemLine = line(events.peek());
            builder.push(String.valueOf(listing.size()));
            listing.add(node(shape.item()), itemLine);
            builder.pop();
        }
        events.next();
        builder.leave();
        return listing.finish();
    }

    private JsonNode scalar(ScalarEvent scalar, Shape shape) {
        String word = scalar.getValue();
        builder.text(word, line(scalar));
        String kind = kindOf(scalar.getTag(), line(scalar));
        if (kind.equals("str") || (kind.isEmpty() && !scalar.isPlain())) {
            return JsonNodeFactory.instance.textNode(word);
        }
        if (shape.isPassedOn() && Scalars.isAmbiguous(word)) {
            builder.problem(
                    line(scalar),
                    "`" + word + "` can mean a word or true/false: write \"" + word + "\" in quotes, or true or false");
        }
        return Scalars.value(word, shape);
    }

    /** Kind of a standard tag; a tag of another kind is a problem. */
    private String kindOf(@Nullable String tag, int line) {
        if (tag == null || tag.equals("!")) {
            return tag == null ? "" : "str";
        }
        String kind = tag.startsWith(STANDARD_TAG) ? tag.substring(STANDARD_TAG.length()) : "";
        switch (kind) {
            case "str", "int", "float", "bool", "null", "map", "seq" -> {
                return kind;
            }
            default -> {
                builder.problem(line, "the tag " + Quoting.quoted(tag, 60) + " is not supported");
                return "";
            }
        }
    }

    private static int line(Event event) {
        Mark mark = event.getStartMark();
        return mark == null ? 1 : mark.getLine() + 1;
    }

    private static Optional<Integer> lineOf(@Nullable Mark mark) {
        return mark == null ? Optional.empty() : Optional.of(mark.getLine() + 1);
    }

    private InvalidConfigException explained(MarkedYAMLException e) {
        String problem = e.getProblem() == null ? "" : e.getProblem();
        String context = e.getContext() == null ? "" : e.getContext();
        if (problem.contains("\\t")) {
            return builder.failure(lineOf(e.getProblemMark()), "has a tab here where YAML wants spaces");
        }
        if (context.contains("quoted scalar") && problem.contains("end of stream")) {
            return builder.failure(lineOf(e.getContextMark()), "starts a quoted text here that does not end");
        }
        if (problem.contains("mapping values are not allowed")) {
            return builder.failure(
                    lineOf(e.getProblemMark()),
                    "is not YAML: there is a colon where none can be; put text with a colon in quotes, and check the indentation");
        }
        if (problem.contains("cannot start any token")) {
            return builder.failure(
                    lineOf(e.getProblemMark()), "is not YAML: text cannot start with this character; put it in quotes");
        }
        return builder.failure(
                lineOf(e.getProblemMark()), "is not YAML: " + Quoting.plain(problem.strip(), LONGEST_EXPLANATION));
    }

    private static String text(YAMLException e) {
        return e.getMessage() == null ? "unreadable" : e.getMessage();
    }

    private static int lineAt(byte[] content, int offset, int character) {
        String before = new String(content, offset, content.length - offset, StandardCharsets.UTF_8);
        int end = before.offsetByCodePoints(0, Math.min(character, before.codePointCount(0, before.length())));
        return 1 + (int) before.substring(0, end).chars().filter(c -> c == '\n').count();
    }
}
