package io.reelbatch.errors;

/** The estimate of a batch exceeds its budget: nothing was submitted. */
public final class BudgetTooSmall extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BudgetTooSmall(String message) {
        super(message);
    }
}
