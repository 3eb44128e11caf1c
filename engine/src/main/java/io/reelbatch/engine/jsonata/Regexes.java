package io.reelbatch.engine.jsonata;

/** JavaScript's regular expressions, rewritten where Java's read the same characters differently. */
final class Regexes {
    private Regexes() {}

    /** The same expression for {@link java.util.regex.Pattern}. */
    static String translated(String pattern, boolean multiline) {
        StringBuilder out = new StringBuilder();
        boolean inClass = false;
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '\\' && i + 1 < pattern.length()) {
                out.append(c).append(pattern.charAt(++i));
            } else if (inClass && (c == '[' || pattern.startsWith("&&", i))) {
                out.append('\\').append(c);
            } else if (!inClass && pattern.startsWith("[^]", i)) {
                out.append("[\\s\\S]");
                i += 2;
            } else if (c == '$' && !inClass && !multiline) {
                out.append("\\z");
            } else {
                inClass = c == '[' || (inClass && c != ']');
                out.append(c);
            }
        }
        return out.toString();
    }
}
