package io.reelbatch.engine.asl;

/** A field whose expression failed, is undefined or has a value of the wrong type: {@code States.QueryEvaluationError}. */
public final class QueryException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String field;

    /**
     * A failed evaluation.
     *
     * @param field the field, relative to its state, such as {@code Output/total}
     */
    public QueryException(String field, String message) {
        super(message, null, false, false);
        this.field = field;
    }

    /** The field, relative to its state. */
    public String field() {
        return field;
    }
}
