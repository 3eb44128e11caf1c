package io.reelbatch.domain.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the jobs that {@code from} names: by id first, then by name, also those that are wrong otherwise. */
final class JobNames {
    private static final Pattern TAKE = Pattern.compile("(.+)#([1-9][0-9]{0,3})", Pattern.DOTALL);
    /** Every name is compared with a misspelt one; a config full of them must still be refused soon. */
    private static final int MOST_SUGGESTIONS = 20;

    private final Map<String, Integer> byId = new HashMap<>();
    private final Map<String, List<Integer>> byName = new HashMap<>();
    private int suggestions;

    /** @param jobs the config's list */
    JobNames(JsonNode jobs) {
        for (int i = 0; i < jobs.size(); i++) {
            String id = jobs.path(i).path("id").asText();
            if (!id.isEmpty()) {
                byId.putIfAbsent(id, i);
            }
            byName.computeIfAbsent(jobs.path(i).path("name").asText(), unused -> new ArrayList<>(1))
                    .add(i);
        }
    }

    /**
     * What a name leads to.
     *
     * @param output the job, if it is one
     * @param problem why not, completing a sentence that begins with the field
     */
    record Found(Optional<InputRef.Output> output, String problem) {}

    /** Looks for a job, or for one of its variations. */
    Found find(String name) {
        Found whole = find(name, Optional.empty());
        Matcher take = TAKE.matcher(name);
        boolean known = whole.output().isPresent() || byName.containsKey(name);
        return known || !take.matches() ? whole : find(take.group(1), Optional.of(Integer.valueOf(take.group(2))));
    }

    private Found find(String name, Optional<Integer> take) {
        Integer id = byId.get(name);
        if (id != null) {
            return new Found(Optional.of(new InputRef.Output(id, take)), "");
        }
        List<Integer> named = byName.getOrDefault(name, List.of());
        if (named.size() == 1) {
            return new Found(Optional.of(new InputRef.Output(named.get(0), take)), "");
        }
        return new Found(Optional.empty(), named.isEmpty() ? missing(name) : ambiguous(name, named));
    }

    private static String ambiguous(String name, List<Integer> named) {
        return "names " + named.size() + " jobs, the first two are #" + (named.get(0) + 1) + " and #"
                + (named.get(1) + 1) + "; give the one you mean an `id` and use that instead of "
                + Quoting.quoted(name, 60);
    }

    private String missing(String name) {
        String none = "names no job: there is no " + Quoting.quoted(name, 60);
        if (++suggestions > MOST_SUGGESTIONS) {
            return none;
        }
        TreeSet<String> known = new TreeSet<>(byName.keySet());
        known.addAll(byId.keySet());
        return Suggestion.nearest(name, known)
                .map(near -> none + "; did you mean " + Quoting.quoted(near, 60) + "?")
                .orElse(none);
    }
}
