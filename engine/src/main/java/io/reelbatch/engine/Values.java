package io.reelbatch.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.reelbatch.engine.asl.JsonTypes;
import io.reelbatch.engine.asl.QueryException;
import io.reelbatch.engine.asl.Template;
import io.reelbatch.engine.jsonata.Scope;

/** Fields that must evaluate to a value of one type. */
final class Values {
    private static final long LONGEST = 99_999_999;

    private Values() {}

    static QueryException unexpected(Template template, String expected, JsonNode value) {
        return template instanceof Template.Dynamic dynamic
                ? dynamic.unexpected(expected, value)
                : new QueryException("", "Expected '" + expected + "', but was '" + JsonTypes.name(value) + "'");
    }

    static String text(Template template, Scope scope) throws QueryException {
        JsonNode value = template.evaluate(scope);
        if (!value.isTextual()) {
            throw unexpected(template, "string", value);
        }
        return value.textValue();
    }

    static double number(Template template, Scope scope) throws QueryException {
        JsonNode value = template.evaluate(scope);
        if (!value.isNumber()) {
            throw unexpected(template, "number", value);
        }
        return value.doubleValue();
    }

    static long seconds(Template template, Scope scope, String field) throws QueryException {
        long seconds = whole(template, scope, field);
        if (seconds < 0 || seconds > LONGEST) {
            throw new QueryException(field, field + " must be between 0 and " + LONGEST + " but was: " + seconds);
        }
        return seconds;
    }

    static long whole(Template template, Scope scope, String field) throws QueryException {
        JsonNode value = template.evaluate(scope);
        if (!value.isNumber()) {
            throw unexpected(template, "number", value);
        }
        if (!value.isIntegralNumber() && value.doubleValue() != Math.rint(value.doubleValue())) {
            throw new QueryException(field, "The " + field + " field cannot be parsed as an integer: " + value);
        }
        return value.longValue();
    }
}
