package io.reelbatch.engine.jsonata;

import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Jsonata;
import com.dashjoin.jsonata.Jsonata.JFunction;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A compiled expression. It can be evaluated from several threads at once. */
public final class Expression {
    private static final Pattern VARIABLE = Pattern.compile("\\$([A-Za-z_][A-Za-z0-9_]*)");

    private final String source;
    private final Jsonata compiled;
    private final List<String> names;

    private Expression(String source, Jsonata compiled, List<String> names) {
        this.source = source;
        this.compiled = compiled;
        this.names = names;
    }

    /** Compiles an expression, without the braces and percent signs around it. */
    public static Expression compile(String source) throws ExpressionSyntaxException {
        try {
            Jsonata compiled = Jsonata.jsonata(source);
            compiled.setValidateInput(false);
            compiled.setOutputConvertNulls(false);
            return new Expression(source, compiled, names(source));
        } catch (JException e) {
            throw new ExpressionSyntaxException(String.valueOf(e.getMessage()));
        }
    }

    private static List<String> names(String source) {
        List<String> names = new ArrayList<>();
        Matcher matcher = VARIABLE.matcher(source);
        while (matcher.find()) {
            String name = matcher.group(1);
            if (!names.contains(name)) {
                names.add(name);
            }
        }
        return List.copyOf(names);
    }

    /** The expression as it was written. */
    public String source() {
        return source;
    }

    /** Its value; null if it is undefined. */
    public @Nullable JsonNode evaluate(Scope scope) throws EvaluationException {
        Jsonata.Frame frame = new Jsonata.Frame(null);
        for (String name : names) {
            JFunction function = Builtins.function(name, scope);
            JsonNode value = scope.variable(name);
            if (value != null) {
                frame.bind(name, JsonViews.view(value));
            } else if (function != null) {
                frame.bind(name, function);
            }
        }
        try {
            Object result = compiled.evaluate(null, frame);
            return result == null ? null : JsonViews.node(result);
        } catch (JException e) {
            String code = e.getError();
            throw new EvaluationException(
                    code.matches("[A-Z]\\d{4}") ? ". " + code + ": " + e.getMessage() : ": " + code);
        } catch (StackOverflowError e) {
            throw new EvaluationException(": Stack overflow error: Check for non-terminating recursive function.");
        } catch (RuntimeException e) {
            throw new EvaluationException(": " + e.getMessage());
        }
    }
}
