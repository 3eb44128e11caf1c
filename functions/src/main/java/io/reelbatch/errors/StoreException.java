package io.reelbatch.errors;

/** The store could not do what was asked: network, disk, permission or a damaged record. Trying again may help. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }

    public StoreException(String message) {
        super(message);
    }
}
