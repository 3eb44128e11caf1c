package io.reelbatch.domain.planning;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.LongNode;
import io.reelbatch.domain.catalog.Model;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Optional;

/** The types of parameters that are not text, as far as the catalog knows. */
enum ParamType {
    WHOLE("a whole number"),
    NUMBER("a number"),
    BOOLEAN("true or false");

    /** Characters of a text in a message. */
    private static final int LONGEST = 60;

    private final String words;

    ParamType(String words) {
        this.words = words;
    }

    /** Known of the seed, and of what is sent with every request; empty for any other parameter, and for texts. */
    static Optional<ParamType> of(Model model, String param) {
        if (param.equals("seed") && model.seed()) {
            return Optional.of(WHOLE);
        }
        JsonNode usual = model.always().path(param);
        if (usual.isBoolean()) {
            return Optional.of(BOOLEAN);
        }
        return usual.isNumber() ? Optional.of(NUMBER) : Optional.empty();
    }

    /** The text as a value of this type; empty if it is none. */
    Optional<JsonNode> parse(String text) {
        String word = text.strip().toLowerCase(Locale.ROOT);
        return switch (this) {
            case WHOLE ->
                word.matches("-?[0-9]{1,18}") ? Optional.of(LongNode.valueOf(Long.parseLong(word))) : Optional.empty();
            case NUMBER ->
                word.matches("-?[0-9]{1,18}(\\.[0-9]{1,18})?")
                        ? Optional.of(DecimalNode.valueOf(new BigDecimal(word)))
                        : Optional.empty();
            // Spreadsheets write TRUE.
            case BOOLEAN ->
                word.equals("true") || word.equals("false")
                        ? Optional.of(BooleanNode.valueOf(word.equals("true")))
                        : Optional.empty();
        };
    }

    /** What is wrong with a text that cannot be parsed. */
    String must(String text) {
        String shown = text.strip().replaceAll("\\p{Cntrl}", " ");
        String found = shown.isEmpty() ? "empty" : shown.substring(0, Math.min(LONGEST, shown.length()));
        return "must be " + words + " (is " + found + ")";
    }
}
