package io.reelbatch.engine;

/** How a {@link TaskHandler} makes its task fail: with the error name that {@code Retry} and {@code Catch} match. */
public final class TaskFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String error;
    private final String cause;

    /**
     * A failure.
     *
     * @param error the error name, such as {@code Lambda.TooManyRequestsException}
     * @param cause what happened, for people
     */
    public TaskFailedException(String error, String cause) {
        super(error + ": " + cause);
        this.error = error;
        this.cause = cause;
    }

    /** The error name. */
    public String error() {
        return error;
    }

    /** What happened, for people. */
    public String cause() {
        return cause;
    }
}
