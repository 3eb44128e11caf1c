package io.reelbatch.cli.simulator;

/** Everything that can go wrong, by the moment at which it does. */
public enum Fault {
    /** 400, not accepted. */
    SUBMIT_400(Stage.SUBMIT, 400),
    /** 402, not accepted. */
    SUBMIT_402(Stage.SUBMIT, 402),
    /** 403, not accepted. */
    SUBMIT_403(Stage.SUBMIT, 403),
    /** 404, not accepted: no such model. */
    SUBMIT_404(Stage.SUBMIT, 404),
    /** 429, not accepted. */
    SUBMIT_429(Stage.SUBMIT, 429),
    /** 500 with the provider's JSON, not accepted. */
    SUBMIT_500(Stage.SUBMIT, 500),
    /** 503 with the provider's JSON, not accepted. */
    SUBMIT_503(Stage.SUBMIT, 503),
    /** 502 with an HTML page, not accepted: a client cannot tell it from {@link #LOST_502}. */
    SUBMIT_502(Stage.SUBMIT, 502),
    /** The connection is closed without an answer, not accepted: a client cannot tell it from {@link #LOST}. */
    SUBMIT_DROP(Stage.SUBMIT, 0),
    /** No answer ever, not accepted. */
    SUBMIT_HANG(Stage.SUBMIT, 0),
    /** Accepted and charged, then the connection is closed without an answer. */
    LOST(Stage.SUBMIT, 0),
    /** Accepted and charged, then 502 with an HTML page. */
    LOST_502(Stage.SUBMIT, 502),
    /** Accepted and charged, then 504 with the provider's JSON but no id. */
    LOST_504(Stage.SUBMIT, 504),
    /** Accepted and charged, then no answer ever. */
    LOST_HANG(Stage.SUBMIT, 0),

    /** Polls are answered 404 for the first seconds after acceptance ({@link SimulatorSettings#invisible()}). */
    POLL_404(Stage.GENERATION_SEEN, 404),

    /** 429. */
    POLL_429(Stage.POLL, 429),
    /** 500 with the provider's JSON. */
    POLL_500(Stage.POLL, 500),
    /** 502 with an HTML page. */
    POLL_502(Stage.POLL, 502),
    /** A status that no client knows, though the job goes its usual way. */
    POLL_WORD(Stage.POLL, 200),
    /** No answer ever. */
    POLL_HANG(Stage.POLL, 0),
    /** The connection is closed without an answer. */
    POLL_DROP(Stage.POLL, 0),

    /** Ends as failed, for a reason that may pass; the price is released. */
    FAILED(Stage.GENERATION, 0),
    /** Ends as failed with {@code error_code} 1039, moderation; the price is released. */
    MODERATED(Stage.GENERATION, 0),
    /** Is reported as running for ever. It holds its place among the running ones no longer than others do. */
    ENDLESS(Stage.GENERATION, 0),

    /** The connection is closed after half the announced length. */
    DOWNLOAD_CUT(Stage.DOWNLOAD, 200),
    /** 404, as for an expired file: this URL answers nothing else from now on; the next poll names a new one. */
    DOWNLOAD_404(Stage.DOWNLOAD, 404),
    /** 500 with an HTML page. */
    DOWNLOAD_500(Stage.DOWNLOAD, 500),
    /** A proper answer, announced length included, of a file that lacks its second half. */
    DOWNLOAD_SHORT(Stage.DOWNLOAD, 200),
    /** 302 to a link-local address, where a cloud's machine keeps its credentials. */
    DOWNLOAD_REDIRECT(Stage.DOWNLOAD, 302),
    /** No answer ever. */
    DOWNLOAD_HANG(Stage.DOWNLOAD, 0),

    /** The job's end is not called back. */
    CALLBACK_LOST(Stage.CALLBACK, 0),
    /** The same callback comes twice. */
    CALLBACK_TWICE(Stage.CALLBACK, 0),
    /** The callback's signature is of another body. */
    CALLBACK_FORGED(Stage.CALLBACK, 0);

    /** The moments at which a fault is drawn. */
    public enum Stage {
        /** Once per submit request. */
        SUBMIT,
        /** Once per accepted job: how it ends. */
        GENERATION,
        /** Once per accepted job: when it can be seen. */
        GENERATION_SEEN,
        /** Once per poll. */
        POLL,
        /** Once per request for an output file. */
        DOWNLOAD,
        /** Once per ended job that asks to be called back. */
        CALLBACK
    }

    private final Stage stage;
    private final int status;

    Fault(Stage stage, int status) {
        this.stage = stage;
        this.status = status;
    }

    public Stage stage() {
        return stage;
    }

    /** HTTP status of the answer; 0 where there is none, or where the fault is not an answer's. */
    public int status() {
        return status;
    }

    /** Whether a submit with this fault is accepted, and charged, nevertheless. */
    boolean accepted() {
        return stage != Stage.SUBMIT || this == LOST || this == LOST_502 || this == LOST_504 || this == LOST_HANG;
    }
}
