package io.reelbatch.domain.store;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;

/** Which keys an {@link ObjectStore} takes, and how they are ordered: the same in a bucket and on a disk. */
public final class ObjectKeys {
    private static final int MAX_BYTES = 1024;

    /** Order of the keys' UTF-8 bytes, which is a bucket's order; {@link String#compareTo} differs beyond U+FFFF. */
    public static final Comparator<String> ORDER = ObjectKeys::compare;

    private ObjectKeys() {}

    /**
     * Gives the key back if a store may take it.
     *
     * @throws IllegalArgumentException if it is empty, absolute, longer than 1,024 bytes, has an empty, {@code .} or
     *     {@code ..} segment, a backslash, a control character or half of a surrogate pair
     */
    public static String check(String key) {
        String wrong = wrongWith(key);
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException(
                    "object key \"" + key + "\" " + wrong + "; keys are relative, such as images/hero.png");
        }
        return key;
    }

    /** Whether {@link #check} accepts the key. */
    public static boolean isValid(String key) {
        return wrongWith(key).isEmpty();
    }

    /** Whether a key can start with this; a list of any other prefix is empty. */
    public static boolean canStart(String prefix) {
        return isValid(prefix + "a");
    }

    private static String wrongWith(String key) {
        if (key.chars().anyMatch(c -> c == '\\' || Character.isISOControl(c))) {
            return "has a backslash or a control character";
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(key)) {
            return "has half of a surrogate pair";
        }
        if (key.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            return "is longer than " + MAX_BYTES + " bytes";
        }
        for (String segment : key.split("/", -1)) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                return "has an empty, \".\" or \"..\" segment";
            }
        }
        return "";
    }

    private static int compare(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                boolean oneIsBeyond = Character.isSurrogate(x) != Character.isSurrogate(y);
                return oneIsBeyond ? (Character.isSurrogate(x) ? 1 : -1) : Character.compare(x, y);
            }
        }
        return Integer.compare(a.length(), b.length());
    }
}
