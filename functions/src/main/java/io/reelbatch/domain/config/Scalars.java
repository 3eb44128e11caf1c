package io.reelbatch.domain.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What an unquoted word means: the rules of YAML 1.2, and no surprise where YAML 1.1 had another idea. */
final class Scalars {
    /** Longer figures are text: nothing here needs them, and they are slow to work with. */
    private static final int LONGEST_NUMBER = 40;

    private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9]+");
    private static final Pattern HEX = Pattern.compile("0x[0-9a-fA-F]+");
    private static final Pattern DECIMAL = Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]{1,2})?");
    private static final Set<String> YES = Set.of("yes", "on");
    private static final Set<String> NO = Set.of("no", "off");
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Scalars() {}

    private static boolean isNull(String word) {
        return word.isEmpty() || word.equals("~") || word.equals("null") || word.equals("Null") || word.equals("NULL");
    }

    /** Whether YAML 1.1 reads the word as true or false, and YAML 1.2 as a word. */
    static boolean isAmbiguous(String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        return YES.contains(lower) || NO.contains(lower);
    }

    /** The value of an unquoted word where the schema asks for one of that shape. */
    static JsonNode value(String word, Shape shape) {
        if (isNull(word)) {
            return NODES.nullNode();
        }
        if (shape.isText()) {
            return NODES.textNode(word);
        }
        String lower = word.toLowerCase(Locale.ROOT);
        if (lower.equals("true") || (shape.isFlag() && YES.contains(lower))) {
            return NODES.booleanNode(true);
        }
        if (lower.equals("false") || (shape.isFlag() && NO.contains(lower))) {
            return NODES.booleanNode(false);
        }
        return number(word);
    }

    /** A number where the word is one, else the word. */
    static JsonNode number(String word) {
        if (word.length() > LONGEST_NUMBER) {
            return NODES.textNode(word);
        }
        if (WHOLE.matcher(word).matches()) {
            return whole(new BigInteger(word));
        }
        if (HEX.matcher(word).matches()) {
            return whole(new BigInteger(word.substring(2), 16));
        }
        return DECIMAL.matcher(word).matches() ? DecimalNode.valueOf(new BigDecimal(word)) : NODES.textNode(word);
    }

    private static JsonNode whole(BigInteger value) {
        if (value.bitLength() < Integer.SIZE) {
            return NODES.numberNode(value.intValue());
        }
        return value.bitLength() < Long.SIZE ? NODES.numberNode(value.longValue()) : NODES.numberNode(value);
    }
}
