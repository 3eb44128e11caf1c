package io.reelbatch.domain.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.domain.plan.JobType;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The batch's {@code defaults}: first those for the job's kind, then the common ones. */
final class Defaults {
    /** Groups of defaults for one kind of jobs. */
    static final Set<String> KINDS = Set.of("images", "videos");

    private static final Set<String> FOR_IMAGES = Set.of("width", "height");
    private static final Set<String> FOR_VIDEOS = Set.of("duration", "resolution");

    private final JsonNode common;
    private final Map<JobType, ObjectNode> byKind = new HashMap<>();
    private final Map<JobType, Map<String, Integer>> lines = new HashMap<>();

    Defaults(JsonNode defaults, Lines source) {
        this.common = defaults;
        for (JobType kind : JobType.values()) {
            ObjectNode merged = JsonNodeFactory.instance.objectNode();
            Map<String, Integer> where = new HashMap<>();
            add(merged, where, defaults.path(kind.folder()), source, Set.of());
            add(merged, where, defaults, source, kind == JobType.IMAGE ? FOR_VIDEOS : FOR_IMAGES);
            byKind.put(kind, merged);
            lines.put(kind, where);
        }
    }

    private static void add(
            ObjectNode merged, Map<String, Integer> where, JsonNode added, Lines source, Set<String> without) {
        for (Map.Entry<String, JsonNode> entry : added.properties()) {
            String field = entry.getKey();
            if (KINDS.contains(field) || without.contains(field)) {
                continue;
            }
            if (field.equals("params") && merged.path(field) instanceof ObjectNode params) {
                merged.set(field, over(params, entry.getValue()));
            } else if (!merged.has(field)) {
                merged.set(field, entry.getValue());
                source.of(added, field).ifPresent(line -> where.put(field, line));
            }
        }
    }

    /** The kind of jobs that do not name theirs. */
    JsonNode type() {
        return common.path("type");
    }

    /** A job with everything beneath it that it does not say itself; the same object where there is nothing. */
    ObjectNode beneath(ObjectNode job, String type) {
        ObjectNode values = byKind.getOrDefault(
                type.equals("video") ? JobType.VIDEO : JobType.IMAGE, JsonNodeFactory.instance.objectNode());
        if (values.isEmpty()) {
            return job;
        }
        ObjectNode merged = over(job, values);
        if (job.path("params") instanceof ObjectNode params) {
            merged.set("params", over(params, values.path("params")));
        }
        return merged;
    }

    /** Line of each default of a kind. */
    Map<String, Integer> lines(JobType kind) {
        return lines.getOrDefault(kind, Map.of());
    }

    private static ObjectNode over(ObjectNode upper, JsonNode lower) {
        ObjectNode merged = JsonNodeFactory.instance.objectNode();
        merged.setAll(upper);
        for (Map.Entry<String, JsonNode> entry : lower.properties()) {
            if (!merged.has(entry.getKey())) {
                merged.set(entry.getKey(), entry.getValue());
            }
        }
        return merged;
    }
}
