package io.reelbatch.engine.asl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reelbatch.engine.jsonata.EvaluationException;
import io.reelbatch.engine.jsonata.Expression;
import io.reelbatch.engine.jsonata.Scope;
import java.util.List;
import java.util.Map;

/** A value of a definition in which strings of the form <code>{% … %}</code> are expressions. */
public sealed interface Template {
    /** The value, with every expression replaced by what it evaluates to. */
    JsonNode evaluate(Scope scope) throws QueryException;

    /** A value without expressions. */
    record Literal(JsonNode value) implements Template {
        @Override
        public JsonNode evaluate(Scope scope) {
            return value;
        }
    }

    /**
     * An expression.
     *
     * @param field where it stands, relative to its state
     */
    record Dynamic(String field, Expression expression) implements Template {
        @Override
        public JsonNode evaluate(Scope scope) throws QueryException {
            JsonNode value;
            try {
                value = expression.evaluate(scope);
            } catch (EvaluationException e) {
                throw failed(" threw an error during evaluation" + e.getMessage());
            }
            if (value == null) {
                throw failed(" returned nothing (undefined).");
            }
            return value;
        }

        private QueryException failed(String what) {
            return new QueryException(
                    field,
                    "The JSONata expression '" + expression.source() + "' specified for the field '" + field + "'"
                            + what);
        }

        /** The failure of an expression whose value has the wrong type. */
        public QueryException unexpected(String expected, JsonNode value) {
            return failed(" returned an unexpected result type. Expected '" + expected + "', but was '"
                    + JsonTypes.name(value) + "' for value: " + value);
        }
    }

    /** An object with expressions somewhere inside. */
    record ObjectTemplate(Map<String, Template> fields) implements Template {
        @Override
        public JsonNode evaluate(Scope scope) throws QueryException {
            ObjectNode result = JsonNodeFactory.instance.objectNode();
            for (Map.Entry<String, Template> field : fields.entrySet()) {
                result.set(field.getKey(), field.getValue().evaluate(scope));
            }
            return result;
        }
    }

    /** An array with expressions somewhere inside. */
    record ArrayTemplate(List<Template> elements) implements Template {
        @Override
        public JsonNode evaluate(Scope scope) throws QueryException {
            ArrayNode result = JsonNodeFactory.instance.arrayNode(elements.size());
            for (Template element : elements) {
                result.add(element.evaluate(scope));
            }
            return result;
        }
    }
}
