package io.reelbatch.domain.planning;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * File names from job names: lower case, spaces to {@code _}, only letters, digits and {@code _}. They stay in their folder,
 * differ on every file system (case, composed or not), and are at most {@value #LONGEST_BYTES} bytes.
 */
final class Slugs {
    private static final int LONGEST_BYTES = 100;
    /** Names that Windows keeps for devices, with any extension. */
    private static final Pattern RESERVED = Pattern.compile("con|prn|aux|nul|com[0-9]|lpt[0-9]");

    private Slugs() {}

    /**
     * One slug for each name of a folder, in the same order. A name nobody else has keeps its own slug; of several with the
     * same, the first keeps it and the others get {@code _2}, {@code _3} and so on, as far as free.
     *
     * @param indexes position of each name in the config, from 0; names a job whose own name has no letter or digit
     */
    static List<String> of(List<String> names, List<Integer> indexes) {
        List<String> natural = new ArrayList<>(names.size());
        Set<String> taken = new HashSet<>();
        for (int i = 0; i < names.size(); i++) {
            String slug = natural(names.get(i), indexes.get(i));
            natural.add(slug);
            taken.add(folded(slug));
        }
        Set<String> first = new HashSet<>();
        Map<String, Integer> next = new HashMap<>();
        List<String> slugs = new ArrayList<>(names.size());
        for (String slug : natural) {
            slugs.add(first.add(folded(slug)) ? slug : numbered(slug, taken, next));
        }
        return slugs;
    }

    private static String numbered(String slug, Set<String> taken, Map<String, Integer> next) {
        String key = folded(slug);
        int number = next.getOrDefault(key, 2);
        String candidate = suffixed(slug, number);
        while (!taken.add(folded(candidate))) {
            candidate = suffixed(slug, ++number);
        }
        next.put(key, number + 1);
        return candidate;
    }

    private static String suffixed(String slug, int number) {
        String suffix = "_" + number;
        return shortened(slug, LONGEST_BYTES - suffix.length()) + suffix;
    }

    /** The slug of a name on its own. */
    static String natural(String name, int index) {
        String lower = Normalizer.normalize(
                Normalizer.normalize(name, Normalizer.Form.NFC).toLowerCase(Locale.ROOT), Normalizer.Form.NFC);
        StringBuilder kept = new StringBuilder();
        boolean afterLetter = false;
        boolean speaks = false;
        for (int at = 0; at < lower.length(); at += Character.charCount(lower.codePointAt(at))) {
            int character = lower.codePointAt(at);
            boolean letter = Character.isLetterOrDigit(character) || (afterLetter && isMark(character));
            if (letter) {
                kept.appendCodePoint(character);
            } else if (character == '_' || Character.isWhitespace(character) || Character.isSpaceChar(character)) {
                kept.append('_');
            }
            afterLetter = letter;
            speaks |= letter;
        }
        String slug = speaks ? shortened(kept.toString(), LONGEST_BYTES) : "job_" + (index + 1);
        return RESERVED.matcher(slug).matches() ? slug + "_" : slug;
    }

    /** Vowel signs and accents: part of a letter in the scripts that write them apart. */
    private static boolean isMark(int character) {
        int type = Character.getType(character);
        return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
    }

    /** The same for all names that some file system takes for one. */
    private static String folded(String slug) {
        return Normalizer.normalize(slug.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT), Normalizer.Form.NFKC);
    }

    private static String shortened(String slug, int bytes) {
        if (slug.getBytes(StandardCharsets.UTF_8).length <= bytes) {
            return slug;
        }
        int length = 0;
        int end = 0;
        while (end < slug.length()) {
            int character = slug.codePointAt(end);
            length += Character.toString(character).getBytes(StandardCharsets.UTF_8).length;
            if (length > bytes) {
                break;
            }
            end += Character.charCount(character);
        }
        return slug.substring(0, end);
    }
}
