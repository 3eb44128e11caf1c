package io.reelbatch.domain.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.text.similarity.JaroWinklerSimilarity;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Guesses which word a user meant to type. */
public final class Suggestion {
    private static final LevenshteinDistance DISTANCE = LevenshteinDistance.getDefaultInstance();
    private static final JaroWinklerSimilarity SIMILARITY = new JaroWinklerSimilarity();
    private static final int LONGEST = 200;
    private static final int MOST_MISTAKES = 4;
    /** Two letters that changed places count as two mistakes; such words are more alike than other pairs. */
    private static final double ALIKE = 0.9;

    private Suggestion() {}

    /** The choice that is a typing mistake or two away from {@code word}; empty when none is near. */
    public static Optional<String> nearest(String word, Collection<String> choices) {
        if (word.length() > LONGEST) {
            return Optional.empty();
        }
        String plain = plain(word);
        return choices.stream()
                .filter(choice -> isNear(plain, plain(choice)))
                .min(Comparator.comparingInt(choice -> DISTANCE.apply(plain, plain(choice))));
    }

    private static boolean isNear(String word, String choice) {
        int mistakes = DISTANCE.apply(word, choice);
        return mistakes <= Math.max(1, Math.min(MOST_MISTAKES, word.length() / 3))
                || (mistakes <= 2 && SIMILARITY.apply(word, choice) >= ALIKE);
    }

    private static String plain(String word) {
        return word.toLowerCase(Locale.ROOT).replace('-', '_');
    }
}
