package io.reelbatch.engine.jsonata;

/** An expression that does not compile, or uses what Step Functions leaves out of JSONata. */
public final class ExpressionSyntaxException extends Exception {
    private static final long serialVersionUID = 1L;

    ExpressionSyntaxException(String message) {
        super(message);
    }
}
