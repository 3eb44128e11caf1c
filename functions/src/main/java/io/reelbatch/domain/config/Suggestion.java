package io.reelbatch.domain.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** What somebody may have meant. */
public final class Suggestion {
    private static final LevenshteinDistance DISTANCE = LevenshteinDistance.getDefaultInstance();
    private static final int LONGEST = 200;

    private Suggestion() {}

    /** The choice that a typing mistake or two away from {@code word} would be; empty when none is near. */
    public static Optional<String> nearest(String word, Collection<String> choices) {
        if (word.length() > LONGEST) {
            return Optional.empty();
        }
        int most = Math.max(1, Math.min(4, word.length() / 3));
        return choices.stream()
                .filter(choice -> distance(word, choice) <= most)
                .min(Comparator.comparingInt(choice -> distance(word, choice)));
    }

    private static int distance(String word, String choice) {
        return DISTANCE.apply(word.toLowerCase(Locale.ROOT).replace('-', '_'), choice.replace('-', '_'));
    }
}
