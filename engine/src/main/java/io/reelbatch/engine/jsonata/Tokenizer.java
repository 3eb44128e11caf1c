package io.reelbatch.engine.jsonata;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Cuts an expression into tokens. */
final class Tokenizer {
    /** The operators with how tightly they bind. */
    static final Map<String, Integer> OPERATORS = Map.ofEntries(
            Map.entry(".", 75),
            Map.entry("[", 80),
            Map.entry("]", 0),
            Map.entry("{", 70),
            Map.entry("}", 0),
            Map.entry("(", 80),
            Map.entry(")", 0),
            Map.entry(",", 0),
            Map.entry("@", 80),
            Map.entry("#", 80),
            Map.entry(";", 80),
            Map.entry(":", 80),
            Map.entry("?", 20),
            Map.entry("+", 50),
            Map.entry("-", 50),
            Map.entry("*", 60),
            Map.entry("/", 60),
            Map.entry("%", 60),
            Map.entry("|", 20),
            Map.entry("=", 40),
            Map.entry("<", 40),
            Map.entry(">", 40),
            Map.entry("^", 40),
            Map.entry("**", 60),
            Map.entry("..", 20),
            Map.entry(":=", 10),
            Map.entry("!=", 40),
            Map.entry("<=", 40),
            Map.entry(">=", 40),
            Map.entry("~>", 40),
            Map.entry("and", 30),
            Map.entry("or", 25),
            Map.entry("in", 40),
            Map.entry("&", 50),
            Map.entry("!", 0),
            Map.entry("~", 0));

    private static final Map<Character, String> ESCAPES =
            Map.of('"', "\"", '\\', "\\", '/', "/", 'b', "\b", 'f', "\f", 'n', "\n", 'r', "\r", 't', "\t");
    private static final Pattern NUMBER = Pattern.compile("-?(0|([1-9][0-9]*))(\\.[0-9]+)?([Ee][-+]?[0-9]+)?");
    private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]+");
    private static final String BLANKS = " \t\n\r\u000b";

    /** The kinds of tokens. */
    enum Kind {
        OPERATOR,
        NAME,
        VARIABLE,
        STRING,
        NUMBER,
        VALUE,
        REGEX,
        END
    }

    /** A token. */
    record Token(Kind kind, Object value) {}

    private final String source;
    private int position;

    Tokenizer(String source) {
        this.source = source;
    }

    private char at(int index) {
        return index < source.length() ? source.charAt(index) : '\0';
    }

    private boolean startsWith(String text) {
        return source.startsWith(text, position);
    }

    /**
     * The next token.
     *
     * @param afterOperand whether an operand came before, so that a slash divides
     */
    Token next(boolean afterOperand) {
        skipBlanksAndComments();
        if (position >= source.length()) {
            return new Token(Kind.END, "(end)");
        }
        char current = at(position);
        if (!afterOperand && current == '/') {
            position++;
            return new Token(Kind.REGEX, regex());
        }
        for (String operator : new String[] {"..", ":=", "!=", ">=", "<=", "**", "~>"}) {
            if (startsWith(operator)) {
                position += 2;
                return new Token(Kind.OPERATOR, operator);
            }
        }
        if (OPERATORS.containsKey(String.valueOf(current))) {
            position++;
            return new Token(Kind.OPERATOR, String.valueOf(current));
        }
        if (current == '"' || current == '\'') {
            position++;
            return new Token(Kind.STRING, string(current));
        }
        Matcher number = NUMBER.matcher(source).region(position, source.length());
        if (number.lookingAt()) {
            return number(number);
        }
        return current == '`' ? quotedName() : word();
    }

    private void skipBlanksAndComments() {
        while (position < source.length()) {
            if (BLANKS.indexOf(at(position)) >= 0) {
                position++;
            } else if (startsWith("/*")) {
                int end = source.indexOf("*/", position + 2);
                if (end < 0) {
                    throw JsonataException.of("S0106");
                }
                position = end + 2;
            } else {
                return;
            }
        }
    }

    private Token number(Matcher match) {
        double value = Double.parseDouble(match.group());
        if (Double.isInfinite(value)) {
            throw JsonataException.of("S0102").token(match.group());
        }
        position = match.end();
        return new Token(Kind.NUMBER, Numbers.of(value));
    }

    private String string(char quote) {
        StringBuilder text = new StringBuilder();
        while (position < source.length()) {
            char current = at(position);
            if (current == quote) {
                position++;
                return text.toString();
            }
            text.append(current == '\\' ? escape() : String.valueOf(current));
            position++;
        }
        throw JsonataException.of("S0101");
    }

    private String escape() {
        char current = at(++position);
        String escaped = ESCAPES.get(current);
        if (escaped != null) {
            return escaped;
        }
        if (current != 'u') {
            throw JsonataException.of("S0103").token(String.valueOf(current));
        }
        String digits = source.substring(position + 1, Math.min(source.length(), position + 5));
        if (!HEX.matcher(digits).matches()) {
            throw JsonataException.of("S0104");
        }
        position += 4;
        return String.valueOf((char) Integer.parseInt(digits, 16));
    }

    private Token quotedName() {
        int end = source.indexOf('`', position + 1);
        if (end < 0) {
            throw JsonataException.of("S0105");
        }
        String name = source.substring(position + 1, end);
        position = end + 1;
        return new Token(Kind.NAME, name);
    }

    private Token word() {
        int start = position;
        while (position < source.length()
                && BLANKS.indexOf(at(position)) < 0
                && !OPERATORS.containsKey(String.valueOf(at(position)))) {
            position++;
        }
        String word = source.substring(start, position);
        if (word.startsWith("$")) {
            return new Token(Kind.VARIABLE, word.substring(1));
        }
        return switch (word) {
            case "or", "in", "and" -> new Token(Kind.OPERATOR, word);
            case "true" -> new Token(Kind.VALUE, true);
            case "false" -> new Token(Kind.VALUE, false);
            case "null" -> new Token(Kind.VALUE, Types.NULL);
            default -> new Token(Kind.NAME, word);
        };
    }

    private Pattern regex() {
        int start = position;
        int depth = 0;
        for (; position < source.length(); position++) {
            char current = at(position);
            if (current == '/' && depth == 0 && !isEscaped(position)) {
                if (position == start) {
                    throw JsonataException.of("S0301");
                }
                return compile(source.substring(start, position++));
            }
            boolean escaped = at(position - 1) == '\\';
            if (!escaped && "([{".indexOf(current) >= 0) {
                depth++;
            } else if (!escaped && ")]}".indexOf(current) >= 0) {
                depth--;
            }
        }
        throw JsonataException.of("S0302");
    }

    private boolean isEscaped(int index) {
        int backslashes = 0;
        while (index - backslashes > 0 && at(index - backslashes - 1) == '\\') {
            backslashes++;
        }
        return backslashes % 2 == 1;
    }

    private Pattern compile(String pattern) {
        int flags = 0;
        for (char flag = at(position); flag == 'i' || flag == 'm'; flag = at(++position)) {
            flags |= flag == 'i' ? Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE : Pattern.MULTILINE;
        }
        try {
            return Pattern.compile(Regexes.translated(pattern, (flags & Pattern.MULTILINE) != 0), flags);
        } catch (java.util.regex.PatternSyntaxException e) {
            throw JsonataException.plain("Invalid regular expression: /" + pattern + "/: " + e.getDescription());
        }
    }

    /** For messages: nothing, if there is no such token. */
    static @Nullable Object shown(Token token) {
        return token.kind == Kind.REGEX ? null : token.value;
    }
}
