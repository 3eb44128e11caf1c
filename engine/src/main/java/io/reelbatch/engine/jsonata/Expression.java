package io.reelbatch.engine.jsonata;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** A compiled expression. It can be evaluated from several threads at once. */
public final class Expression {
    private final String source;
    private final Ast tree;

    private Expression(String source, Ast tree) {
        this.source = source;
        this.tree = tree;
    }

    /** Compiles an expression, without the braces and percent signs around it. */
    public static Expression compile(String source) throws ExpressionSyntaxException {
        try {
            Ast tree = Parser.parse(source);
            TopLevelCheck.check(tree);
            return new Expression(source, tree);
        } catch (JsonataException e) {
            throw new ExpressionSyntaxException(e.getMessage());
        } catch (StackOverflowError e) {
            throw new ExpressionSyntaxException("The expression is nested too deeply");
        }
    }

    /** The expression as it was written. */
    public String source() {
        return source;
    }

    /** Whether it asks for {@code $states.} followed by that name. */
    public boolean usesState(String name) {
        return StatesReferences.contains(tree, name);
    }

    /** Its value; null if it is undefined. */
    public @Nullable JsonNode evaluate(Scope scope) throws EvaluationException {
        Frame variables = new Frame(null) {
            @Override
            @Nullable
            Object lookup(String name) {
                JsonNode value = scope.variable(name);
                return value == null ? Builtins.function(name) : JsonViews.view(value);
            }
        };
        try {
            Object result = new Evaluator(scope).evaluate(tree, null, new Frame(variables));
            return result == null ? null : JsonViews.node(result);
        } catch (JsonataException e) {
            String code = e.code();
            throw new EvaluationException(code == null ? ": " + e.getMessage() : ". " + code + ": " + e.getMessage());
        }
    }
}
