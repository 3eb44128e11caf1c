package io.reelbatch.errors;

/** The provider's URL of an output is no longer good: the provider can be asked for a fresh one. */
public final class OutputExpired extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public OutputExpired(String message) {
        super(message);
    }
}
