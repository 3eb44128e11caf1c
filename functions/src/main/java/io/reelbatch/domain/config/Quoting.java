package io.reelbatch.domain.config;

/** Users' text inside a one-line message: shortened, and nothing in it that a terminal would act on. */
final class Quoting {
    private Quoting() {}

    /** In double quotes. */
    static String quoted(String text, int longest) {
        return '"' + plain(text, longest) + '"';
    }

    /** Without quotes. */
    static String plain(String text, int longest) {
        StringBuilder line = new StringBuilder();
        int shown = 0;
        for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
            if (shown++ == longest) {
                return line.append('…').toString();
            }
            append(line, text.codePointAt(at));
        }
        return line.toString();
    }

    private static void append(StringBuilder line, int character) {
        switch (character) {
            case '\n' -> line.append("\\n");
            case '\t' -> line.append("\\t");
            case '\r' -> line.append("\\r");
            default -> {
                if (isVisible(character)) {
                    line.appendCodePoint(character);
                } else {
                    line.append(String.format("\\u%04x", character));
                }
            }
        }
    }

    private static boolean isVisible(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
