package io.reelbatch.cli;

/** The user asked for something that cannot be done as asked; the message says what and what to do. Exit status 2. */
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
