package io.reelbatch.domain.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which resolutions of video a model makes.
 *
 * @param param name of the parameter
 * @param values what it takes, spelt as it takes them; empty when nothing is known
 */
public record ResolutionRule(String param, List<String> values) {
    private static final Pattern LINES = Pattern.compile("([0-9]{1,5})p", Pattern.CASE_INSENSITIVE);
    private static final Pattern KILO = Pattern.compile("([0-9]{1,2})k", Pattern.CASE_INSENSITIVE);
    private static final int LINES_PER_KILO = 540;

    public ResolutionRule {
        values = List.copyOf(values);
    }

    /** Reads the rule from catalog data. */
    static ResolutionRule from(JsonNode data) {
        List<String> values = new ArrayList<>();
        data.path("values").forEach(value -> values.add(value.asText()));
        return new ResolutionRule(data.path("param").asText("resolution"), values);
    }

    /** The model's own spelling of a resolution; empty when the model does not make it. */
    public Optional<String> exact(String resolution) {
        return values.isEmpty()
                ? Optional.of(resolution)
                : values.stream().filter(resolution::equalsIgnoreCase).findFirst();
    }

    /** The resolution with the nearest number of lines; the smaller of two. Nothing known: the same again. */
    public String nearest(String resolution) {
        int wanted = lines(resolution);
        String best = values.isEmpty() ? resolution : values.get(0);
        for (String value : values) {
            int gain = Math.abs(lines(best) - wanted) - Math.abs(lines(value) - wanted);
            if (gain > 0 || (gain == 0 && lines(value) < lines(best))) {
                best = value;
            }
        }
        return best;
    }

    /** What the model takes, for people: {@code 480p or 720p}. */
    public String allowed() {
        return Words.anyOf(values);
    }

    private static int lines(String resolution) {
        String trimmed = resolution.strip().toLowerCase(Locale.ROOT);
        Matcher lines = LINES.matcher(trimmed);
        if (lines.matches()) {
            return Integer.parseInt(lines.group(1));
        }
        Matcher kilo = KILO.matcher(trimmed);
        return kilo.matches() ? Integer.parseInt(kilo.group(1)) * LINES_PER_KILO : 0;
    }
}
