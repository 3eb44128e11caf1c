package io.reelbatch.domain.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Which lengths of video a model makes.
 *
 * @param param name of the parameter
 * @param min shortest, seconds
 * @param max longest, seconds
 * @param values the only lengths there are, ascending; empty when every length from min to max is one
 */
public record DurationRule(String param, int min, int max, List<Integer> values) {
    public DurationRule {
        values = List.copyOf(values);
    }

    /** Reads the rule from catalog data; without limits in it everything is allowed. */
    static DurationRule from(JsonNode data) {
        List<Integer> values = new ArrayList<>();
        data.path("values").forEach(value -> values.add(value.intValue()));
        values.sort(null);
        return new DurationRule(
                data.path("param").asText("duration"),
                data.path("min").asInt(1),
                data.path("max").asInt(Integer.MAX_VALUE),
                values);
    }

    /** Whether the model makes videos of that many seconds. */
    public boolean allows(int seconds) {
        return nearest(seconds) == seconds;
    }

    /** The nearest length the model makes, in seconds; the shorter of two, so that nobody is billed for more than was asked for. */
    public int nearest(int seconds) {
        if (values.isEmpty()) {
            return Math.max(min, Math.min(max, seconds));
        }
        int best = values.get(0);
        for (int value : values) {
            if (Math.abs(value - seconds) < Math.abs(best - seconds)) {
                best = value;
            }
        }
        return best;
    }

    /** What the model takes, for people: {@code 4, 6 or 8 seconds}. */
    public String allowed() {
        if (!values.isEmpty()) {
            return Words.anyOf(values.stream().map(String::valueOf).toList()) + " seconds";
        }
        return max == Integer.MAX_VALUE ? "whole seconds" : min + " to " + max + " seconds";
    }
}
