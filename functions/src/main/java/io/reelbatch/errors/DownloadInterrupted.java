package io.reelbatch.errors;

/** A transfer was cut or the server was busy: fetching again may help. The generation itself is done and paid for. */
public final class DownloadInterrupted extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DownloadInterrupted(String message) {
        super(message);
    }
}
