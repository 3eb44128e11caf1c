package io.reelbatch.engine.jsonata;

/** An expression that failed while it was evaluated; its message goes on the sentence "threw an error during evaluation". */
public final class EvaluationException extends Exception {
    private static final long serialVersionUID = 1L;

    EvaluationException(String message) {
        super(message, null, false, false);
    }
}
